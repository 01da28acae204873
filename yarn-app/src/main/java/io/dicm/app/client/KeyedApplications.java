package io.dicm.app.client;

import io.dicm.app.launch.LocalFiles;
import io.dicm.app.launch.OwnApplications;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.protocolrecords.GetApplicationsRequest;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;

/**
 * This user's applications by submission key: those that have not ended, and what an action of
 * Oozie's has done already.
 *
 * <p>Of several with one key the one that YARN took first counts, and every launcher looks once
 * more when YARN has its own: so of launchers that submit at the same moment all agree, and no
 * application that another launcher already follows is given up.
 */
final class KeyedApplications {
  private static final Comparator<ApplicationReport> SUBMISSION_ORDER =
      Comparator.comparingLong(ApplicationReport::getStartTime)
          .thenComparing(ApplicationReport::getApplicationId);

  private final YarnClient yarn;
  private final StagingDirectory staging;

  /**
   * @param yarn started
   */
  KeyedApplications(YarnClient yarn, StagingDirectory staging) {
    this.yarn = yarn;
    this.staging = staging;
  }

  /** The first submitted of those with the key that have not ended. */
  Optional<ApplicationId> first(SubmissionKey key) throws IOException, YarnException {
    GetApplicationsRequest request = OwnApplications.request();
    request.setApplicationTags(Set.of(key.tag()));
    request.setApplicationStates(RunningApplications.ALIVE);
    return yarn.getApplications(request).stream()
        .min(SUBMISSION_ORDER)
        .map(ApplicationReport::getApplicationId);
  }

  /**
   * The last submitted of those with the key that an action of Oozie's has started in this run of
   * its workflow and that have ended well: the work of that action is done, and a launcher that is
   * started again has only to say so.
   *
   * @param actionTags what Oozie tags the action's applications with, and the run's tag
   */
  Optional<ApplicationId> done(SubmissionKey key, Collection<String> actionTags)
      throws IOException, YarnException {
    GetApplicationsRequest request = OwnApplications.request();
    request.setApplicationTags(Set.of(key.tag()));
    request.setApplicationStates(EnumSet.of(YarnApplicationState.FINISHED));
    return yarn.getApplications(request).stream()
        .filter(report -> report.getFinalApplicationStatus() == FinalApplicationStatus.SUCCEEDED)
        .filter(report -> report.getApplicationTags().containsAll(lowerCase(actionTags)))
        .max(SUBMISSION_ORDER)
        .map(ApplicationReport::getApplicationId);
  }

  /** As YARN keeps tags. */
  private static Set<String> lowerCase(Collection<String> tags) {
    return tags.stream().map(tag -> tag.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  /**
   * The application as one to follow instead of a submission of one's own.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} when it does another work
   */
  SubmittedApplication join(ApplicationId id, SubmissionKey key, PipelineSettings wanted)
      throws IOException {
    // Without its folder it is about to end: what it did is what was wanted, as far as is known.
    PipelineSettings settings = settings(id).orElse(wanted);
    if (!isSameWork(settings, wanted)) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot submit with %s=%s: %s, which has this key and goes on, does run '%s' of %s in %s. Choose another key, or end it: dicm kill %s"
              .formatted(
                  DicmKeys.YARN_SUBMISSION_KEY,
                  key.text(),
                  id,
                  settings.run(),
                  settings.date(),
                  settings.workspace().root(),
                  id));
    }
    return new SubmittedApplication(id, settings, true);
  }

  private Optional<PipelineSettings> settings(ApplicationId id) throws IOException {
    Path file = new Path(staging.ofApplication(id.toString()), LocalFiles.CONFIGURATION_FILE);
    Configuration application = new Configuration(false);
    try (InputStream in = staging.fileSystem().open(file)) {
      application.addResource(in);
      application.size(); // Reads it while it is open.
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    return Optional.of(PipelineSettings.from(application));
  }

  private static boolean isSameWork(PipelineSettings one, PipelineSettings other) {
    return one.workspace().equals(other.workspace())
        && one.date().equals(other.date())
        && one.run().equals(other.run())
        && one.stages().equals(other.stages());
  }
}
