package io.dicm.app.client;

import io.dicm.ams.submodel.SubModelChoice;
import io.dicm.app.container.ImageControlSettings;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.launch.NodeLabels;
import io.dicm.app.launch.Role;
import io.dicm.app.launch.RoleRuntimes;
import io.dicm.app.master.checkpoint.WarmStart;
import io.dicm.app.pipeline.PathText;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.RunPartitions;
import io.dicm.app.pipeline.RunSamples;
import io.dicm.app.pipeline.StageName;
import io.dicm.app.plan.ClusterSize;
import io.dicm.app.plan.ContainerPlan;
import io.dicm.app.plan.ContainerSize;
import io.dicm.app.plan.GangCheck;
import io.dicm.app.plan.ServerPlan;
import io.dicm.app.plan.StoredData;
import io.dicm.app.plan.VectorCounts;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.Suggestions;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.hive.HiveStatements;
import io.dicm.hive.JdbcHiveSessions;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.model.NetworkChoice;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.samplejob.SampleInput;
import io.dicm.trainer.samplejob.SamplesJob;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.NodeLabel;
import org.apache.hadoop.yarn.api.records.NodeState;
import org.apache.hadoop.yarn.api.records.QueueInfo;
import org.apache.hadoop.yarn.api.records.QueueState;
import org.apache.hadoop.yarn.api.records.Resource;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;

/**
 * What can be known to fail is said before anything is started: one sentence, the right exit code.
 * For one thread.
 */
public final class SubmissionChecks {
  private final DicmConfiguration conf;
  private final PipelineSettings settings;
  private ExtractorDescription extractor;

  public SubmissionChecks(DicmConfiguration conf, PipelineSettings settings) {
    this.conf = conf;
    this.settings = settings;
  }

  /**
   * Every value that the stages will read.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} with key, value and range
   */
  public void checkSettings() {
    new SettingsCheck(conf, settings).check();
    ContainerPlan unused = ContainerPlan.of(conf, settings);
  }

  /** Input and workspace, and for a registration what it will not make itself. */
  public void checkFiles() throws IOException {
    for (Path archive : RoleRuntimes.jdkArchives(conf.hadoop())) {
      requireFile(archive);
    }
    if (settings.runs(StageName.EXTRACT)) {
      requireImages();
    }
    if (settings.runs(StageName.SAMPLES)) {
      SampleInput unused = SampleInput.check(conf.hadoop(), layout());
      SamplesJob.checkFiles(conf.hadoop());
    }
    if (settings.runs(StageName.SAMPLES)
        || settings.runs(StageName.TRAIN)
        || settings.runs(StageName.PREDICT)) {
      FeatureSchema.read(conf.hadoop(), layout().features());
    }
    if (settings.runs(StageName.TRAIN)) {
      checkSubModel();
      checkNetwork();
      checkWarmStart();
      checkServers();
      checkCatalogue();
      Optional<Path> signals = ImageControlSettings.signals(conf);
      if (signals.isPresent()) {
        requireFile(signals.get());
      }
    }
    if (settings.runs(StageName.PREDICT)) {
      requireIfNamed(DicmKeys.PREDICT_MODEL);
      requireIfNamed(DicmKeys.PREDICT_SAMPLES);
    }
    if (registers() && !settings.stages().equals(StageName.all())) {
      new RunPartitions(conf.hadoop(), settings, extractor().extractorId())
          .requireComplete(stage -> !settings.runs(stage));
    }
    new OutputAccess(conf.hadoop(), settings).check();
  }

  /** Of samples that the run does not make itself. */
  private void checkCatalogue() throws IOException {
    Path samples = RunSamples.directory(conf, settings);
    if (!settings.runs(StageName.SAMPLES)
        && NetworkOptions.of(conf).drawsItems()
        && DirectoryPublisher.isComplete(conf.hadoop(), samples)) {
      ItemCatalogue.require(conf.hadoop(), samples);
    }
  }

  /** What the run does not make itself. */
  private void requireIfNamed(String key) throws IOException {
    String directory = conf.text(key);
    if (!directory.isEmpty()) {
      Path path = PathText.parse(directory);
      if (!DirectoryPublisher.isComplete(conf.hadoop(), path)) {
        throw new DicmException(
            ErrorCode.INPUT_MISSING,
            "Cannot predict with %s=%s: it is not there, or has no %s."
                .formatted(key, directory, DirectoryPublisher.SUCCESS));
      }
    }
  }

  /** A weights file is read for it: once. */
  private ExtractorDescription extractor() throws IOException {
    if (extractor == null) {
      extractor = EncoderProviders.configured(conf.hadoop()).describe(conf.hadoop());
    }
    return extractor;
  }

  private void checkSubModel() throws IOException {
    SubModelChoice.of(conf)
        .decide(extractor().dimension())
        .requirePartsFor(ContainerSettings.count(conf, DicmKeys.TRAIN_SERVERS));
  }

  /** Its features, which some networks cannot do without. */
  private void checkNetwork() {
    NetworkShape unused =
        NetworkChoice.of(conf)
            .shape(
                FeatureSchema.read(conf.hadoop(), layout().features()),
                ContainerSettings.embeddingDimension(conf));
  }

  private void checkWarmStart() throws IOException {
    Optional<WarmStart> warm = WarmStart.find(conf, settings.workspace());
    if (warm.isPresent()) {
      warm.get().requirePictures(extractor(), conf);
      warm.get()
          .requireNetwork(
              FeatureSchema.read(conf.hadoop(), layout().features()),
              NetworkChoice.of(conf),
              ImageControlSettings.kind(conf));
    }
  }

  /**
   * The vectors that are there already against the servers' memory; an extraction of the same run
   * can only add to them, unless it forgets some or mends a damaged store.
   */
  private void checkServers() throws IOException {
    if (!settings.runs(StageName.EXTRACT)) {
      Optional<VectorCounts> vectors = StoredData.vectors(conf, settings);
      if (vectors.isPresent()) {
        ServerPlan.of(conf, vectors.get(), 0).requireVectorsFit();
      }
    }
  }

  /** HiveServer2, when something will be registered. */
  public void checkHive() {
    if (!registers()) {
      return;
    }
    try (HiveStatements session = JdbcHiveSessions.of(conf).open()) {
      session.query("SELECT 1");
    } catch (SQLException e) {
      throw new DicmException(
          ErrorCode.HIVE_FAILED, "Cannot use HiveServer2: " + e.getMessage() + ".", e);
    }
  }

  /**
   * The queue, and nodes with the labels that are asked for. The cluster's types of resources are
   * learned on the way: {@link #checkContainers} compares them.
   */
  public void checkQueue(YarnClient yarn) throws IOException, YarnException {
    ClusterSize.learnResourceTypes(yarn);
    String queue = conf.required(DicmKeys.YARN_QUEUE);
    QueueInfo info;
    try {
      info = yarn.getQueueInfo(queue);
    } catch (YarnException e) {
      throw noQueue(queue, noSuchQueue(yarn, queue), e);
    }
    if (info == null) {
      throw noQueue(queue, noSuchQueue(yarn, queue), null);
    }
    if (info.getQueueState() == QueueState.STOPPED) {
      throw noQueue(queue, "it is stopped", null);
    }
    checkLabels(yarn);
  }

  private static String noSuchQueue(YarnClient yarn, String queue)
      throws IOException, YarnException {
    List<String> names = yarn.getAllQueues().stream().map(QueueInfo::getQueueName).toList();
    return "there is no such queue" + new Suggestions(names).question(queue);
  }

  private void checkLabels(YarnClient yarn) throws IOException, YarnException {
    Map<String, String> labels = new TreeMap<>();
    labels.put(DicmKeys.YARN_MASTER_NODE_LABEL, NodeLabels.master(conf.hadoop()));
    for (Role role : Role.values()) {
      labels.put(NodeLabels.key(role), NodeLabels.of(conf.hadoop(), role));
    }
    labels.values().removeIf(String::isEmpty);
    if (labels.isEmpty()) {
      return;
    }
    List<String> known = yarn.getClusterNodeLabels().stream().map(NodeLabel::getName).toList();
    for (Map.Entry<String, String> label : labels.entrySet()) {
      if (!known.contains(label.getValue())) {
        String question = new Suggestions(known).question(label.getValue());
        throw new DicmException(
            ErrorCode.CONFIGURATION_INVALID,
            "Cannot submit with %s=%s: the cluster has no such node label%s"
                .formatted(label.getKey(), label.getValue(), question.isEmpty() ? "." : question));
      }
    }
  }

  /**
   * Every container against the largest that the cluster gives.
   *
   * @throws DicmException {@link ErrorCode#MEMORY_PLAN_TOO_LARGE} with both numbers
   */
  public void checkContainers(Resource maximum) {
    ContainerPlan.of(conf, settings).requireEachFits(ContainerSize.of(maximum));
  }

  /**
   * All containers that have to be there together against all nodes.
   *
   * @throws DicmException {@link ErrorCode#NO_RESOURCES} with both numbers
   */
  public void checkCapacity(YarnClient yarn) throws IOException, YarnException {
    if (conf.flag(DicmKeys.YARN_CHECK_CAPACITY)) {
      new GangCheck(conf, settings)
          .check(
              yarn.getNodeReports(NodeState.RUNNING),
              yarn.getQueueInfo(conf.required(DicmKeys.YARN_QUEUE)));
    }
  }

  private boolean registers() {
    return settings.runs(StageName.REGISTER) && !conf.text(DicmKeys.HIVE_JDBC_URL).isEmpty();
  }

  private static DicmException noQueue(String queue, String why, Exception cause) {
    return new DicmException(
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot submit to queue '%s' (%s): %s%s"
            .formatted(queue, DicmKeys.YARN_QUEUE, why, why.endsWith("?") ? "" : "."),
        cause);
  }

  private InputLayout layout() {
    return new InputLayout(settings.input());
  }

  /** Another place for them may be one file. */
  private void requireImages() throws IOException {
    String elsewhere = conf.text(DicmKeys.EXTRACT_IMAGES);
    if (elsewhere.isEmpty()) {
      requireDirectory(layout().images(), "the image folder");
    } else {
      requireFile(new Path(elsewhere));
    }
  }

  private void requireDirectory(Path path, String what) throws IOException {
    FileSystem fs = path.getFileSystem(conf.hadoop());
    if (!fs.exists(path) || !fs.getFileStatus(path).isDirectory()) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING, "Cannot run: " + what + " " + path + " is not there.");
    }
  }

  private void requireFile(Path path) throws IOException {
    if (!path.getFileSystem(conf.hadoop()).exists(path)) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING, "Cannot run: the file " + path + " is not there.");
    }
  }
}
