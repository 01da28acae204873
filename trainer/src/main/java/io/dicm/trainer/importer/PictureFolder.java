package io.dicm.trainer.importer;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** Pictures named {@code <item>.<ext>} directly in a folder. Immutable. */
final class PictureFolder {
  private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "gif", "bmp", "webp");

  private final Configuration conf;
  private final Map<String, Path> pictures;

  private PictureFolder(Configuration conf, Map<String, Path> pictures) {
    this.conf = conf;
    this.pictures = pictures;
  }

  /** No pictures. */
  static PictureFolder empty(Configuration conf) {
    return new PictureFolder(conf, Map.of());
  }

  /**
   * Lists the pictures of some items.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when none of them has one, {@link
   *     ErrorCode#INPUT_INVALID} when one has two
   */
  static PictureFolder of(Configuration conf, Path folder, Set<String> items) throws IOException {
    FileSystem fs = folder.getFileSystem(conf);
    Map<String, Path> pictures = new HashMap<>();
    if (fs.exists(folder)) {
      RemoteIterator<LocatedFileStatus> files = fs.listFiles(folder, false);
      while (files.hasNext()) {
        add(files.next().getPath(), items, pictures);
      }
    }
    if (pictures.isEmpty()) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot import pictures from "
              + folder
              + ": there is none named <item>.<jpg, png, ...> of an item of the log.");
    }
    return new PictureFolder(conf, pictures);
  }

  /** Items with a picture. */
  Set<String> items() {
    return pictures.keySet();
  }

  /** Copies the pictures. */
  void copyTo(Path directory, ProgressListener progress) throws IOException, InterruptedException {
    List<Path> files = new ArrayList<>(pictures.values());
    FileSystem to = directory.getFileSystem(conf);
    to.mkdirs(directory);
    ParallelFiles.forEach(
        files,
        from ->
            FileUtil.copy(
                from.getFileSystem(conf),
                from,
                to,
                new Path(directory, from.getName()),
                false,
                true,
                conf),
        "images",
        progress);
  }

  private static void add(Path file, Set<String> items, Map<String, Path> pictures) {
    String name = file.getName();
    int dot = name.lastIndexOf('.');
    if (dot < 1 || !ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT))) {
      return;
    }
    String item = name.substring(0, dot);
    if (items.contains(item) && pictures.put(item, file) != null) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID,
          "Cannot import pictures from "
              + file.getParent()
              + ": item '"
              + item
              + "' has two. Remove one.");
    }
  }
}
