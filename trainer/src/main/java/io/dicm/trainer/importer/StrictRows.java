package io.dicm.trainer.importer;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.RejectedRows;
import org.apache.hadoop.fs.Path;

/**
 * Ends an import at the first bad row: published data sets have none, so one means that a file is
 * not what it should be.
 *
 * @param file for the message
 */
record StrictRows(Path file) implements RejectedRows {
  @Override
  public void reject(String place, BadRowException bad) {
    throw new DicmException(
        ErrorCode.INPUT_INVALID,
        "Cannot import " + file + ": " + place + ": " + bad.getMessage() + ".",
        bad);
  }
}
