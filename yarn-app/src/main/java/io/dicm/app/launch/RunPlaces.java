package io.dicm.app.launch;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.config.DicmKeys;
import io.dicm.trainer.input.TableFinder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Where a run reads and writes: one path or more of each file system that it needs a token of. */
public final class RunPlaces {
  /** Keys that may name something outside of input and workspace. */
  private static final List<String> OTHERS =
      List.of(
          DicmKeys.EXTRACT_WEIGHTS,
          DicmKeys.TRAIN_WARM_START,
          DicmKeys.TRAIN_PLANTED_SIGNAL,
          DicmKeys.PREDICT_MODEL,
          DicmKeys.PREDICT_SAMPLES);

  private RunPlaces() {}

  /**
   * The staging directory first, then input and workspace, then tables at places of their own.
   *
   * @param staging of the application
   */
  public static List<Path> of(Configuration conf, PipelineSettings settings, Path staging)
      throws IOException {
    List<Path> places = new ArrayList<>(List.of(staging, settings.workspace().root()));
    if (settings.input() != null) {
      places.add(settings.input());
    }
    places.addAll(TableFinder.otherPlaces(conf));
    for (String key : OTHERS) {
      String value = conf.getTrimmed(key, "");
      // Else it is the name of a run, in the workspace.
      if (value.contains("/")) {
        places.add(new Path(value));
      }
    }
    places.addAll(RoleRuntimes.jdkArchives(conf));
    return places;
  }
}
