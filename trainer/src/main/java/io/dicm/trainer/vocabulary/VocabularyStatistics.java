package io.dicm.trainer.vocabulary;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What values the features of samples have: {@code _statistics.json} beside the manifest. A file of
 * its own, since every worker reads the manifest.
 *
 * @param fields in the schema's order
 */
public record VocabularyStatistics(List<FieldStatistics> fields) {
  /** The file's name in the samples directory. */
  public static final String FILE = "_statistics.json";

  public VocabularyStatistics {
    fields = List.copyOf(fields);
  }

  /** The statistics of one feature. */
  public Optional<FieldStatistics> field(String name) {
    return fields.stream().filter(field -> field.field().equals(name)).findFirst();
  }

  /**
   * Reads the statistics of a samples directory.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there are none or they are not
   *     readable
   */
  public static VocabularyStatistics read(Configuration conf, Path samples) {
    return new JsonFiles(conf)
        .read(new Path(samples, FILE), VocabularyStatistics.class, ErrorCode.INPUT_MISSING);
  }

  public void write(Configuration conf, Path samples) throws IOException {
    new JsonFiles(conf).write(new Path(samples, FILE), this);
  }
}
