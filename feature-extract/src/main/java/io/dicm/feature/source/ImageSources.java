package io.dicm.feature.source;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the source that the configuration names, or that the input itself shows. */
public final class ImageSources {
  private static final Logger LOG = LoggerFactory.getLogger(ImageSources.class);
  private static final byte[] SEQUENCE_FILE = "SEQ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PARQUET = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final long MIB = 1L << 20;
  private static final int MOST_SPLIT_MB = 1 << 20;
  private static final int MOST_MEMORY_MB = 1 << 20;

  /** Files that are opened to see what kind of source there is. */
  private static final int MOST_LOOKS = 10;

  private ImageSources() {}

  /**
   * The source at {@code dicm.extract.images}, or at {@code images} below {@code dicm.input.path}.
   *
   * @throws io.dicm.common.error.DicmException {@code CONFIGURATION_INVALID}, or {@code
   *     INPUT_MISSING} when there is nothing at the location
   */
  public static ImageSource of(Configuration conf) throws IOException {
    DicmConfiguration settings = DicmConfiguration.of(conf);
    Path location = location(settings);
    SourceLimits limits =
        new SourceLimits(
            settings.nonNegativeLong(DicmKeys.EXTRACT_MAX_IMAGE_BYTES),
            settings.integer(DicmKeys.EXTRACT_IMAGES_PER_SPLIT, 1, Integer.MAX_VALUE),
            MIB * settings.integer(DicmKeys.EXTRACT_MB_PER_SPLIT, 1, MOST_SPLIT_MB));
    SourceKind kind = settings.choice(DicmKeys.EXTRACT_SOURCE, SourceKind.class);
    return switch (kind == SourceKind.AUTO ? look(new FileTree(conf, location)) : kind) {
      case AUTO, FOLDER -> new FolderSource(conf, location, limits.maxImageBytes());
      case SEQUENCE_FILE -> new SequenceFileSource(conf, location, limits);
      case PARQUET ->
          new ParquetSource(
              conf,
              location,
              settings.required(DicmKeys.EXTRACT_IMAGE_ID_COLUMN),
              settings.required(DicmKeys.EXTRACT_BYTES_COLUMN),
              limits.maxImageBytes(),
              MapHeap.of(settings.integer(DicmKeys.EXTRACT_MAP_MEMORY_MB, 1, MOST_MEMORY_MB)));
    };
  }

  /** Fixes a source in a job's settings: its tasks need not look at the input again. */
  public static void set(Configuration conf, ImageSource source) {
    conf.set(DicmKeys.EXTRACT_IMAGES, source.location().toString());
    conf.setEnum(DicmKeys.EXTRACT_SOURCE, source.kind());
  }

  private static Path location(DicmConfiguration settings) {
    return settings.text(DicmKeys.EXTRACT_IMAGES).isEmpty()
        ? new Path(settings.path(DicmKeys.INPUT_PATH), "images")
        : settings.path(DicmKeys.EXTRACT_IMAGES);
  }

  /** By the first bytes of a file that can be read; no image format begins as these two do. */
  private static SourceKind look(FileTree tree) throws IOException {
    RemoteIterator<ListedFile> files = tree.files();
    byte[] begin = new byte[0];
    for (int tries = 0; begin.length == 0 && tries < MOST_LOOKS && files.hasNext(); tries++) {
      begin = begin(tree.fileSystem(), tree.path(files.next().name()));
    }
    if (startsWith(begin, SEQUENCE_FILE)) {
      return SourceKind.SEQUENCE_FILE;
    }
    return startsWith(begin, PARQUET) ? SourceKind.PARQUET : SourceKind.FOLDER;
  }

  /** Empty: the file is, or it is one that cannot be read. */
  private static byte[] begin(FileSystem fs, Path file) throws IOException {
    try (FSDataInputStream in = fs.open(file)) {
      return in.readNBytes(PARQUET.length);
    } catch (IOException e) {
      LOG.warn(
          "Cannot see what kind of file {} is: {}", file, ReadTrouble.of(e, () -> true).detail());
      return new byte[0];
    }
  }

  private static boolean startsWith(byte[] bytes, byte[] magic) {
    return bytes.length >= magic.length
        && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }
}
