package io.dicm.app.doctor;

import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.SafeMode;
import org.apache.hadoop.fs.SafeModeAction;

/** Whether HDFS takes changes. */
record SafeModeCheck(Configuration conf, Path place) implements Check {
  @Override
  public String what() {
    return "safe mode";
  }

  @Override
  public List<Finding> look() throws IOException {
    FileSystem fs = place.getFileSystem(conf);
    try {
      if (!(fs instanceof SafeMode mode)) {
        return List.of(Finding.ok(what(), fs.getUri() + " has none"));
      }
      return List.of(
          mode.setSafeMode(SafeModeAction.GET)
              ? Finding.failed(
                  ErrorCode.STORAGE_FAILED,
                  what(),
                  fs.getUri() + " is in safe mode",
                  "Wait until the name node has left it, or look why it does not.")
              : Finding.ok(what(), "off"));
    } catch (NoClassDefFoundError e) {
      // Hadoop before 3.3.6.
      return List.of(
          Finding.warning(what(), "not known to this Hadoop", "hdfs dfsadmin -safemode get"));
    }
  }
}
