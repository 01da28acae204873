package io.dicm.feature.store;

import io.dicm.common.error.DicmException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Looks for all that may be wrong with one snapshot, without changing anything. */
final class SnapshotCheck {
  private final Configuration conf;
  private final FeatureStore store;
  private final String date;
  private final List<String> problems = new ArrayList<>();

  SnapshotCheck(Configuration conf, FeatureStore store, String date) {
    this.conf = conf;
    this.store = store;
    this.date = date;
  }

  /** One sentence for each; reads every file. */
  List<String> problems() throws IOException {
    FeatureManifest manifest = store.manifest(date);
    Path partition = store.partition(date);
    FileChecks checks = new FileChecks(conf, partition, Verification.DIGESTS);
    for (FeatureFile file : manifest.files()) {
      try {
        checks.problem(file).ifPresent(problem -> add(file.name() + " " + problem));
      } catch (IOException e) {
        add(file.name() + " cannot be read (" + e.getMessage() + ")");
      }
    }
    manifest.indexes().forEach(index -> check(index, partition));
    if (manifest.replaced() != null) {
      check(manifest.replaced(), partition);
    }
    if (problems.isEmpty()) {
      checkRows(manifest);
    }
    return List.copyOf(problems);
  }

  private void check(SideFile file, Path partition) {
    try {
      file.verified(conf, partition);
    } catch (IOException e) {
      add(file.name() + " cannot be read (" + e.getMessage() + ")");
    } catch (DicmException e) {
      add(e.getMessage());
    }
  }

  private void checkRows(FeatureManifest manifest) {
    FeatureMoments moments = new FeatureMoments(manifest.extractor().dimension());
    Set<Long> keys = new HashSet<>();
    try {
      FeatureSnapshot snapshot = store.snapshot(date);
      snapshot.scan(
          bucket -> true,
          image -> {
            moments.add(image.feature());
            checkFinite(image);
            if (!keys.add(image.imageKey())) {
              add("Image " + image.imageId() + " is there twice.");
            }
          });
    } catch (IOException | DicmException e) {
      add(e.getMessage());
      return;
    }
    if (moments.count() != manifest.imageCount()) {
      add(moments.count() + " images are there, the manifest says " + manifest.imageCount() + ".");
    }
    checkSums(moments.sum(), manifest.sum(), "sum");
    checkSums(moments.sumOfSquares(), manifest.sumOfSquares(), "sum of squares");
  }

  private void checkFinite(FeatureRecord image) {
    int index = image.firstNonFinite();
    if (index >= 0) {
      add(
          "The vector of image "
              + image.imageId()
              + " has "
              + image.feature()[index]
              + " at "
              + index
              + ".");
    }
  }

  /** Sums are of float64, added in another order here. What is no number equals nothing. */
  private void checkSums(double[] found, double[] expected, String what) {
    for (int i = 0; i < found.length; i++) {
      double scale = Math.max(1, Math.abs(expected[i]));
      boolean same = Math.abs(found[i] - expected[i]) <= 1e-6 * scale;
      if (!same || !Double.isFinite(expected[i])) {
        add(
            "The "
                + what
                + " of dimension "
                + i
                + " is "
                + found[i]
                + ", the manifest says "
                + expected[i]
                + ".");
        return;
      }
    }
  }

  private void add(String problem) {
    problems.add(problem);
  }
}
