package io.dicm.feature.job;

import io.dicm.common.config.DicmKeys;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.MRConfig;

/**
 * The weights file in MapReduce's distributed cache: a node fetches it once, for all tasks and jobs
 * of the user (of all users, when everybody may read it), and tasks open the node's own file, whose
 * pages they share, instead of each reading half a gigabyte over the network.
 */
final class WeightsCache {
  /** Put before the files' names, so that they are not taken for a task's own. */
  private static final String LINK_PREFIX = "dicm-weights-";

  private static final String DESCRIPTION = ".json";

  private WeightsCache() {}

  /**
   * Lets a job's tasks have the file of {@code dicm.extract.weights}, and a description beside it
   * ({@code model.pt.json} or {@code model.json} of {@code model.pt}). Does nothing without
   * weights, and in local mode, where all tasks are in one process.
   */
  static void add(Job job) throws IOException {
    Configuration conf = job.getConfiguration();
    String weights = conf.getTrimmed(DicmKeys.EXTRACT_WEIGHTS, "");
    boolean local =
        conf.get(MRConfig.FRAMEWORK_NAME, MRConfig.LOCAL_FRAMEWORK_NAME)
            .equals(MRConfig.LOCAL_FRAMEWORK_NAME);
    if (weights.isEmpty() || local) {
      return;
    }
    Path file = new Path(weights);
    FileSystem fs = file.getFileSystem(conf);
    Path qualified = fs.makeQualified(file);
    for (String name : withDescriptions(qualified.getName())) {
      Path cached = new Path(qualified.getParent(), name);
      if (fs.exists(cached)) {
        job.addCacheFile(URI.create(cached.toUri() + "#" + uri(LINK_PREFIX + name)));
      }
    }
    conf.set(ExtractJobKeys.WEIGHTS_LINK, LINK_PREFIX + qualified.getName());
  }

  /** In a task: points {@code dicm.extract.weights} to the node's own file, if there is one. */
  static void use(Configuration conf) {
    String link = conf.get(ExtractJobKeys.WEIGHTS_LINK, "");
    if (!link.isEmpty()) {
      File file = new File(link).getAbsoluteFile();
      if (file.canRead()) {
        conf.set(DicmKeys.EXTRACT_WEIGHTS, file.toURI().toString());
      }
    }
  }

  private static Set<String> withDescriptions(String name) {
    int dot = name.lastIndexOf('.');
    Set<String> names = new LinkedHashSet<>(List.of(name, name + DESCRIPTION));
    names.add((dot > 0 ? name.substring(0, dot) : name) + DESCRIPTION);
    return names;
  }

  /** As a part of a URI. */
  private static String uri(String name) {
    return new Path(name).toUri().getRawPath();
  }
}
