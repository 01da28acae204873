package io.dicm.app.doctor;

import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsAction;

/** Whether the input is there for this user. */
record InputCheck(Configuration conf, Path input) implements Check {
  @Override
  public String what() {
    return "input";
  }

  @Override
  public List<Finding> look() throws IOException {
    FileSystem fs = input.getFileSystem(conf);
    Places places = new Places(fs);
    Path nearest = places.nearest(input);
    if (!nearest.equals(fs.makeQualified(input))) {
      return List.of(
          Finding.failed(
              ErrorCode.INPUT_MISSING, what(), input + " is not there", "Correct the path."));
    }
    if (!places.allows(nearest, FsAction.READ_EXECUTE)) {
      return List.of(
          Finding.failed(
              ErrorCode.STORAGE_FAILED,
              what(),
              "you may not read " + nearest,
              "Ask " + fs.getFileStatus(nearest).getOwner() + " for the right."));
    }
    return List.of(Finding.ok(what(), nearest + " can be read"));
  }
}
