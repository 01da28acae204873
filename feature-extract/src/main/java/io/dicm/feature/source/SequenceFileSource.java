package io.dicm.feature.source;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;

/**
 * SequenceFiles whose keys are image_ids (Text) and whose values are pictures (BytesWritable). A
 * piece is a range of bytes; its records are those that begin after the first sync marker in it.
 * Immutable and safe for use by many threads.
 */
public final class SequenceFileSource implements ImageSource {
  /** What is read of a file to learn how large its records are. */
  private static final long SAMPLE_BYTES = 4L << 20;

  private static final int SAMPLE_RECORDS = 1000;

  private final Configuration conf;
  private final FileTree tree;
  private final SourceLimits limits;

  SequenceFileSource(Configuration conf, Path location, SourceLimits limits) throws IOException {
    this.conf = conf;
    this.tree = new FileTree(conf, location);
    this.limits = limits;
  }

  @Override
  public SourceKind kind() {
    return SourceKind.SEQUENCE_FILE;
  }

  @Override
  public Path location() {
    return tree.root();
  }

  @Override
  public boolean countsImages() {
    return false;
  }

  @Override
  public Optional<String> imageId(SourcePiece piece) {
    return Optional.empty();
  }

  @Override
  public void list(PieceConsumer pieces) throws IOException {
    RemoteIterator<ListedFile> files = tree.files();
    while (files.hasNext()) {
      ListedFile file = files.next();
      if (file.status().getLen() == 0) {
        throw invalid(tree.path(file.name()), "it is empty", null);
      }
      cut(file, meanRecordBytes(tree.path(file.name())), pieces);
    }
  }

  @Override
  public ImageCursor open(SourcePiece piece) throws IOException {
    return new Records(piece);
  }

  private void cut(ListedFile file, double recordBytes, PieceConsumer pieces) throws IOException {
    FileStatus status = file.status();
    long most =
        Math.min(
            limits.bytesPerSplit(), Math.max(1, (long) (recordBytes * limits.imagesPerSplit())));
    BlockHosts hosts = BlockHosts.of(tree.fileSystem(), status);
    for (long start = 0; start < status.getLen(); start += most) {
      long length = Math.min(most, status.getLen() - start);
      pieces.accept(
          new SourcePiece(
              file.name(),
              start,
              length,
              status.getModificationTime(),
              Math.max(1, Math.round(length / recordBytes)),
              hosts.at(start + length / 2)));
    }
  }

  /** By the first records; the whole file is one when it has none. */
  private double meanRecordBytes(Path path) throws IOException {
    try (SequenceFile.Reader reader = openFile(path)) {
      long begin = reader.getPosition();
      Text key = new Text();
      int records = 0;
      while (records < SAMPLE_RECORDS
          && reader.getPosition() < begin + SAMPLE_BYTES
          && reader.next(key)) {
        records++;
      }
      return Math.max(1, (double) (reader.getPosition() - begin) / Math.max(1, records));
    } catch (EOFException | ChecksumException e) {
      throw invalid(path, "it is damaged (" + e.getMessage() + ")", e);
    }
  }

  private SequenceFile.Reader openFile(Path path) throws IOException {
    SequenceFile.Reader reader;
    try {
      reader = new SequenceFile.Reader(conf, SequenceFile.Reader.file(path));
    } catch (EOFException e) {
      throw invalid(path, "it is no SequenceFile", e);
    } catch (IOException e) {
      // Hadoop has no exception of its own for a file of another kind.
      if (String.valueOf(e.getMessage()).contains("not a SequenceFile")) {
        throw invalid(path, "it is no SequenceFile", e);
      }
      throw e;
    }
    if (!reader.getKeyClassName().equals(Text.class.getName())
        || !reader.getValueClassName().equals(BytesWritable.class.getName())) {
      String found = reader.getKeyClassName() + " and " + reader.getValueClassName();
      reader.close();
      throw invalid(path, "it holds " + found + ", needed Text and BytesWritable", null);
    }
    return reader;
  }

  private static DicmException invalid(Path path, String why, Exception cause) {
    return new DicmException(
        ErrorCode.INPUT_INVALID,
        "Cannot extract images of " + path + ": " + why + ". Write the file again or remove it.",
        cause);
  }

  /** The records of a range: those whose sync marker lies in it. */
  private final class Records implements ImageCursor {
    private final Path path;
    private final long end;
    private final SequenceFile.Reader reader;
    private final Text key = new Text();
    private final LimitedBytes value = new LimitedBytes(limits.maxImageBytes());
    private boolean more;

    private Records(SourcePiece piece) throws IOException {
      this.path = tree.path(piece.name());
      this.end = piece.start() + piece.length();
      this.reader = openFile(path);
      if (piece.start() > reader.getPosition()) {
        reader.sync(piece.start());
      }
      this.more = reader.getPosition() < end;
    }

    @Override
    public Optional<SourceImage> next() throws IOException {
      if (!nextKey()) {
        return Optional.empty();
      }
      readValue();
      String imageId = key.toString();
      String place = path + "#" + imageId;
      return Optional.of(
          value.isTooLarge()
              ? SourceImage.rejected(
                  imageId, place, Rejections.tooLarge(value.length(), limits.maxImageBytes()))
              : SourceImage.of(imageId, place, value.bytes()));
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }

    private boolean nextKey() throws IOException {
      long position = reader.getPosition();
      try {
        more = more && reader.next(key) && !(position >= end && reader.syncSeen());
      } catch (EOFException | ChecksumException e) {
        throw damaged(e);
      }
      if (more && key.getLength() == 0) {
        throw invalid(path, "a record near byte " + position + " has no image_id", null);
      }
      return more;
    }

    private void readValue() throws IOException {
      try {
        reader.getCurrentValue(value);
      } catch (EOFException | ChecksumException e) {
        throw damaged(e);
      }
    }

    private DicmException damaged(IOException e) {
      return invalid(path, "it is damaged (" + e.getMessage() + ")", e);
    }
  }
}
