package io.dicm.feature.job;

import io.dicm.feature.source.PieceConsumer;
import io.dicm.feature.source.SourcePiece;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.DataInputBuffer;
import org.apache.hadoop.io.DataOutputBuffer;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;

/**
 * The listing as a file of pieces, of which each split is a range of bytes: splits stay small
 * however many images there are, and no task lists the source again. Each piece is a length of four
 * bytes and that many bytes.
 */
final class ListingFile {
  private static final int BUFFER_BYTES = 1 << 16;

  private ListingFile() {}

  /** Writes pieces. */
  static final class Writer implements Closeable {
    private final DataOutputStream out;
    private final DataOutputBuffer piece = new DataOutputBuffer();

    Writer(OutputStream out) {
      this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER_BYTES));
    }

    void write(SourcePiece next) throws IOException {
      piece.reset();
      next.write(piece);
      out.writeInt(piece.getLength());
      out.write(piece.getData(), 0, piece.getLength());
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  /** Streams the pieces in the next bytes of a stream. */
  static void read(InputStream stream, long length, PieceConsumer consumer) throws IOException {
    stream(stream, length, (piece, bytes) -> consumer.accept(piece));
  }

  /** The pieces in a split. */
  static List<SourcePiece> read(Configuration conf, FileSplit range) throws IOException {
    List<SourcePiece> pieces = new ArrayList<>();
    try (FSDataInputStream in = range.getPath().getFileSystem(conf).open(range.getPath())) {
      in.seek(range.getStart());
      read(in, range.getLength(), pieces::add);
    }
    return pieces;
  }

  /**
   * Cuts the file into splits; memory is that of the splits.
   *
   * @param plan how large they may be
   * @param images images of all pieces
   * @param bytes bytes of all pieces
   */
  static List<InputSplit> splits(
      Configuration conf, Path file, SplitPlan plan, long images, long bytes) throws IOException {
    FileSystem fs = file.getFileSystem(conf);
    SplitCutter cutter = new SplitCutter(file, plan, images, bytes);
    try (FSDataInputStream in = fs.open(file)) {
      stream(in, fs.getFileStatus(file).getLen(), cutter::add);
    }
    return cutter.finish();
  }

  /** Takes a piece and the number of bytes that it has in the file. */
  @FunctionalInterface
  private interface SizedPieceConsumer {
    void accept(SourcePiece piece, long bytes) throws IOException;
  }

  private static void stream(InputStream stream, long length, SizedPieceConsumer consumer)
      throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(stream, BUFFER_BYTES));
    DataInputBuffer piece = new DataInputBuffer();
    long left = length;
    while (left > 0) {
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      piece.reset(bytes, bytes.length);
      consumer.accept(SourcePiece.read(piece), Integer.BYTES + bytes.length);
      left -= Integer.BYTES + bytes.length;
    }
  }
}
