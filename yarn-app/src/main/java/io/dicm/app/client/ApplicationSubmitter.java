package io.dicm.app.client;

import io.dicm.app.launch.AccessControl;
import io.dicm.app.launch.ContainerConfiguration;
import io.dicm.app.launch.ContainerCredentials;
import io.dicm.app.launch.ContainerEnvironment;
import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.launch.DelegationTokens;
import io.dicm.app.launch.InternalKeys;
import io.dicm.app.launch.JavaCommand;
import io.dicm.app.launch.LocalFiles;
import io.dicm.app.launch.MemberFile;
import io.dicm.app.launch.ProcessLog;
import io.dicm.app.launch.RunPlaces;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.mapreduce.JobRunner;
import io.dicm.common.process.ContainerRuntime;
import io.dicm.common.process.JavaOptions;
import io.dicm.common.security.ApplicationCertificate;
import io.dicm.common.security.ApplicationSecret;
import io.dicm.hive.JdbcHiveSessions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.mapreduce.MRJobConfig;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationSubmissionContext;
import org.apache.hadoop.yarn.api.records.ContainerLaunchContext;
import org.apache.hadoop.yarn.api.records.LocalResource;
import org.apache.hadoop.yarn.api.records.Resource;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.client.api.YarnClientApplication;
import org.apache.hadoop.yarn.exceptions.ApplicationNotFoundException;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Uploads what an application needs and hands it to YARN. A failed submission leaves nothing. */
public final class ApplicationSubmitter {
  private static final Logger LOG = LoggerFactory.getLogger(ApplicationSubmitter.class);

  /** YARN's type of all applications of DICM. */
  public static final String TYPE = "DICM";

  private static final String MAIN_CLASS = "io.dicm.app.master.ApplicationMaster";

  private final YarnClient yarn;
  private final Configuration conf;
  private final Map<String, String> environment;
  private final StagingDirectory staging;
  private final SubmissionRecords records;

  /**
   * @param yarn started
   * @param conf with the properties of the pipeline
   */
  public ApplicationSubmitter(YarnClient yarn, Configuration conf) throws IOException {
    this(yarn, conf, System.getenv());
  }

  /**
   * @param environment of the process
   */
  ApplicationSubmitter(YarnClient yarn, Configuration conf, Map<String, String> environment)
      throws IOException {
    this.yarn = yarn;
    this.conf = conf;
    this.environment = environment;
    this.staging = new StagingDirectory(conf);
    this.records = new SubmissionRecords(conf, staging);
  }

  /**
   * Checks and submits. With a submission key, while an application of this user with the key has
   * not ended, that one is the result and nothing is submitted. Neither is when the Oozie action
   * that this process belongs to has submitted one that has ended well: Oozie and YARN start a
   * launcher again that they have lost.
   *
   * @throws DicmException when a check fails or YARN refuses; nothing is then left behind
   */
  public SubmittedApplication submit(PipelineSettings settings) throws IOException, YarnException {
    Configuration asked = new Configuration(conf);
    SubmissionChecks checks = new SubmissionChecks(DicmConfiguration.of(conf), settings);
    checks.checkSettings();
    Optional<SubmissionKey> key = SubmissionKey.of(DicmConfiguration.of(conf), settings);
    KeyedApplications keyed = new KeyedApplications(yarn, staging);
    if (key.isPresent()) {
      Optional<ApplicationId> earlier = keyed.first(key.get());
      Set<String> own = new TreeSet<>(OozieAction.tags(environment));
      boolean inWorkflow = OozieAction.runTag(environment).map(own::add).isPresent();
      if (earlier.isEmpty() && inWorkflow) {
        earlier = keyed.done(key.get(), own);
      }
      if (earlier.isPresent()) {
        return keyed.join(earlier.get(), key.get(), settings);
      }
    }
    if (settings.runs(StageName.SAMPLES)) {
      HiveInput.locate(conf);
    }
    checks.checkFiles();
    checks.checkQueue(yarn);
    YarnClientApplication application = yarn.createApplication();
    checks.checkContainers(application.getNewApplicationResponse().getMaximumResourceCapability());
    checks.checkCapacity(yarn);
    // The last: the first session of a new HiveServer2 takes seconds.
    checks.checkHive();
    ApplicationSubmissionContext context = application.getApplicationSubmissionContext();
    ApplicationId id = context.getApplicationId();
    boolean reached = false;
    boolean submitted = false;
    try (SignalCleanup cleanup = new SignalCleanup(() -> withdraw(id))) {
      describe(context, settings, key);
      context.setAMContainerSpec(launch(settings, id.toString()));
      records.keep(id, asked, settings);
      reached = true;
      yarn.submitApplication(context);
      submitted = true;
    } catch (YarnException e) {
      throw refused(e);
    } finally {
      if (!submitted) {
        takeBack(id, reached);
      }
    }
    if (key.isPresent()) {
      Optional<ApplicationId> faster = keyed.first(key.get()).filter(first -> !first.equals(id));
      if (faster.isPresent()) {
        withdraw(id);
        return keyed.join(faster.get(), key.get(), settings);
      }
    }
    return new SubmittedApplication(id, settings);
  }

  /** Refused for who it is must not be tried again, refused for room may. */
  private static DicmException refused(YarnException refusal) {
    String words = String.valueOf(refusal.getMessage());
    boolean forbidden = words.contains("AccessControlException") || words.contains("permission");
    return new DicmException(
        forbidden ? ErrorCode.AUTHENTICATION_FAILED : ErrorCode.NO_RESOURCES,
        "Cannot submit: YARN refused: " + words.lines().findFirst().orElse("") + ".",
        refusal);
  }

  /**
   * Removes what was prepared for a submission that failed; the failure itself is what is told.
   *
   * @param reached whether YARN may have it all the same
   */
  private void takeBack(ApplicationId id, boolean reached) {
    try {
      if (reached) {
        withdraw(id);
      } else {
        staging.deleteApplication(id.toString());
        records.forget(id);
      }
    } catch (IOException | YarnException e) {
      LOG.warn("Cannot take back the submission of {}: {}", id, e.getMessage());
    }
  }

  /** YARN may have it already when a signal comes; one without staging could not run. */
  private void withdraw(ApplicationId id) throws IOException, YarnException {
    try {
      yarn.killApplication(id);
    } catch (ApplicationNotFoundException e) {
      LOG.debug("{} was not submitted yet", id, e);
    }
    staging.deleteApplication(id.toString());
    records.forget(id);
  }

  private void describe(
      ApplicationSubmissionContext context,
      PipelineSettings settings,
      Optional<SubmissionKey> key) {
    context.setApplicationName(settings.name());
    context.setApplicationType(TYPE);
    context.setResource(Resource.newInstance(masterMemory().totalMb(), 1));
    context.setLogAggregationContext(ProcessLog.aggregation());
    SubmissionOptions.of(DicmConfiguration.of(conf)).addTo(context);
    Set<String> tags = new TreeSet<>(sharedTags());
    key.map(SubmissionKey::tag).ifPresent(tags::add);
    OozieAction.runTag(environment).ifPresent(tags::add);
    context.setApplicationTags(tags);
  }

  /** Tags that the application's MapReduce jobs have, too; its key is not among them. */
  private Set<String> sharedTags() {
    Set<String> tags = new TreeSet<>(SubmissionOptions.of(DicmConfiguration.of(conf)).tags());
    tags.addAll(OozieAction.tags(environment));
    return tags;
  }

  private ContainerLaunchContext launch(PipelineSettings settings, String id)
      throws IOException, YarnException {
    Path folder = staging.ofApplication(id);
    staging.create(folder);
    Path jar = new JarStore(staging).upload(ApplicationJar.find(conf));
    Path configuration = writeConfiguration(settings, folder, jar);
    JavaCommand command =
        new JavaCommand(MAIN_CLASS, masterMemory(), JavaOptions.of(conf), List.of());
    LocalFiles files = new LocalFiles(conf);
    ContainerRuntime runtime = ContainerRuntime.of(conf, MemberFile.MASTER);
    Map<String, LocalResource> resources = new TreeMap<>(files.resources(jar, configuration));
    resources.putAll(files.of(runtime));
    if (DicmConfiguration.of(conf).flag(DicmKeys.SECURITY_RENEW_BY_KEYTAB)) {
      resources.put(LocalFiles.KEYTAB_FILE, files.ofApplication(uploadKeytab(folder)));
    }
    return ContainerLaunchContext.newInstance(
        resources,
        new ContainerEnvironment(conf).variables(runtime, 1),
        List.of(MemberFile.before(MemberFile.MASTER, command.line())),
        null,
        ContainerCredentials.serialize(credentials(settings, folder)),
        AccessControl.of(conf));
  }

  /** For the master alone: the folder is open to its owner only. */
  private Path uploadKeytab(Path folder) throws IOException {
    Path keytab = new Path(folder, LocalFiles.KEYTAB_FILE);
    try (OutputStream out = staging.fileSystem().create(keytab, false)) {
      Files.copy(java.nio.file.Path.of(conf.getTrimmed(DicmKeys.SECURITY_KEYTAB)), out);
    }
    staging.fileSystem().setPermission(keytab, new FsPermission((short) 0600));
    return keytab;
  }

  private Path writeConfiguration(PipelineSettings settings, Path folder, Path jar)
      throws IOException {
    Configuration application = new Configuration(conf);
    settings.addTo(application);
    AccessControl.addToJobs(application);
    Set<String> jobTags = new TreeSet<>(sharedTags());
    jobTags.addAll(application.getTrimmedStringCollection(MRJobConfig.JOB_TAGS));
    application.set(MRJobConfig.JOB_TAGS, String.join(",", jobTags));
    application.set(JobRunner.APPLICATION_ARCHIVE, jar.toString());
    application.set(InternalKeys.STAGING, staging.fileSystem().makeQualified(folder).toString());
    Path file = new Path(folder, LocalFiles.CONFIGURATION_FILE);
    ContainerConfiguration.write(application, file);
    return file;
  }

  /** Ours, plus the application's secret, plus tokens where there is Kerberos. */
  private Credentials credentials(PipelineSettings settings, Path folder)
      throws IOException, YarnException {
    Credentials credentials =
        new Credentials(UserGroupInformation.getCurrentUser().getCredentials());
    ContainerCredentials.add(credentials, ApplicationSecret.generate());
    if (DicmConfiguration.of(conf).flag(DicmKeys.SECURITY_TLS)) {
      ContainerCredentials.add(credentials, ApplicationCertificate.generate());
    }
    // Where a launcher such as Oozie's gave tokens, those are all.
    boolean given = environment.containsKey(UserGroupInformation.HADOOP_TOKEN_FILE_LOCATION);
    if (UserGroupInformation.isSecurityEnabled() && !given) {
      new DelegationTokens(conf, yarn).addTo(credentials, RunPlaces.of(conf, settings, folder));
      if (!conf.get(DicmKeys.HIVE_JDBC_URL, "").isEmpty()) {
        JdbcHiveSessions.of(DicmConfiguration.of(conf)).fetchToken(credentials);
      }
    }
    return credentials;
  }

  private ContainerMemory masterMemory() {
    return ContainerSettings.memory(
        DicmConfiguration.of(conf), "master", DicmKeys.YARN_MASTER_MEMORY_MB);
  }
}
