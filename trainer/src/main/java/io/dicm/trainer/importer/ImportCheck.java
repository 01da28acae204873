package io.dicm.trainer.importer;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.samplejob.SampleInput;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/**
 * Checks what an import wrote as the making of samples will, before it is published.
 *
 * @param conf whose other places for tables and days are left out of account
 */
record ImportCheck(Configuration conf) {
  /**
   * @throws DicmException naming the table and the columns that it lacks
   */
  void check(InputLayout layout) throws IOException {
    Configuration plain = new Configuration(conf);
    for (InputTable table : InputTable.values()) {
      plain.set(table.key(), "");
    }
    plain.set(DicmKeys.INPUT_FROM_DATE, "");
    plain.set(DicmKeys.INPUT_TO_DATE, "");
    plain.setInt(DicmKeys.SAMPLES_WINDOW_DAYS, 0);
    SampleInput unused = SampleInput.check(plain, layout);
  }
}
