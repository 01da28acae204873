package io.dicm.trainer.report;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.EnumSet;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Makes {@code report.html} of a run: one self-contained file, readable without a network. For one
 * thread.
 */
public final class ReportWriter {
  /** The file's name in {@link Workspace#report}. */
  public static final String FILE = "report.html";

  private final Configuration conf;
  private final Workspace workspace;
  private final Clock clock;

  /**
   * @param conf with DICM's defaults; {@code dicm.input.path} or {@code dicm.extract.images} say
   *     where pictures are
   */
  public ReportWriter(Configuration conf, Workspace workspace, Clock clock) {
    this.conf = conf;
    this.workspace = workspace;
    this.clock = clock;
  }

  /**
   * What to report on.
   *
   * @param run its name
   * @param date day of its partitions, YYYY-MM-DD; empty: the newest
   * @param ablation name of the ablation to show; empty: none
   */
  public record Request(String run, String date, String ablation) {}

  /**
   * Makes the page and puts it in its place as a whole.
   *
   * @param target the file; null: {@link #FILE} in {@link Workspace#report}
   * @return where it is, qualified
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there is no such run; parts of a run
   *     that are missing are said on the page
   */
  public Path write(Request request, Path target, ProgressListener progress) throws IOException {
    String date = new RunLocator(conf, workspace).date(request.date(), request.run());
    RunReport report =
        new RunReportReader(conf, workspace, clock)
            .read(date, request.run(), request.ablation(), progress);
    Path file = target == null ? new Path(workspace.report(date, request.run()), FILE) : target;
    return publish(new ReportPage().write(report), file);
  }

  private Path publish(String page, Path file) throws IOException {
    Path qualified = file.getFileSystem(conf).makeQualified(file);
    Path staging =
        new Path(qualified.getParent(), "." + qualified.getName() + "-" + UUID.randomUUID());
    FileContext files = FileContext.getFileContext(qualified.toUri(), conf);
    try {
      try (OutputStream out =
          files.create(staging, EnumSet.of(CreateFlag.CREATE), Options.CreateOpts.createParent())) {
        out.write(page.getBytes(StandardCharsets.UTF_8));
      }
      files.rename(staging, qualified, Options.Rename.OVERWRITE);
    } finally {
      files.delete(staging, false);
    }
    return qualified;
  }
}
