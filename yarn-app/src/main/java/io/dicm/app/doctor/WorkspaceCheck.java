package io.dicm.app.doctor;

import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.QuotaUsage;
import org.apache.hadoop.fs.permission.FsAction;

/** Whether a directory can be written, or made, and whether there is room. */
record WorkspaceCheck(Configuration conf, Path workspace) implements Check {
  private static final double NEARLY_FULL = 0.9;
  private static final long LITTLE_BYTES = 1L << 30;
  private static final Set<String> WITH_QUOTAS = Set.of("hdfs", "viewfs", "webhdfs", "swebhdfs");
  private static final double GIB = 1L << 30;

  @Override
  public String what() {
    return "workspace";
  }

  @Override
  public List<Finding> look() throws IOException {
    FileSystem fs = workspace.getFileSystem(conf);
    Places places = new Places(fs);
    Path nearest = places.nearest(workspace);
    if (!fs.getFileStatus(nearest).isDirectory()) {
      return List.of(
          Finding.failed(
              ErrorCode.STORAGE_FAILED, what(), nearest + " is a file", "Choose another path."));
    }
    if (!places.allows(nearest, FsAction.WRITE_EXECUTE)) {
      return List.of(
          Finding.failed(
              ErrorCode.STORAGE_FAILED,
              what(),
              "you may not write to " + nearest,
              "Ask " + fs.getFileStatus(nearest).getOwner() + " for the right."));
    }
    boolean there = nearest.equals(fs.makeQualified(workspace));
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(what(), workspace + (there ? " can be written" : " can be made in " + nearest)));
    findings.add(room(fs.getStatus(nearest).getRemaining()));
    findings.addAll(quota(fs, nearest));
    return findings;
  }

  private static Finding room(long bytes) {
    String value = String.format(Locale.ROOT, "%.1f GiB are free, copies included", bytes / GIB);
    return bytes >= LITTLE_BYTES
        ? Finding.ok("room", value)
        : Finding.warning("room", value, "Delete something or add disks.");
  }

  /** Of HDFS alone: other file systems have no quotas, and would list all that is below. */
  private static List<Finding> quota(FileSystem fs, Path place) throws IOException {
    if (!WITH_QUOTAS.contains(fs.getScheme())) {
      return List.of();
    }
    QuotaUsage usage;
    try {
      usage = fs.getQuotaUsage(place);
    } catch (UnsupportedOperationException e) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    add(findings, "quota of names", usage.getFileAndDirectoryCount(), usage.getQuota());
    add(findings, "quota of bytes", usage.getSpaceConsumed(), usage.getSpaceQuota());
    return findings;
  }

  /** Without a quota the most is negative. */
  private static void add(List<Finding> findings, String what, long used, long most) {
    if (most > 0) {
      String value = used + " of " + most + " used";
      findings.add(
          used < NEARLY_FULL * most
              ? Finding.ok(what, value)
              : Finding.warning(what, value, "Ask for more, or delete old runs."));
    }
  }
}
