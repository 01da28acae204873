package io.dicm.ams.strategy;

import io.dicm.ams.client.StepInputs;
import io.dicm.ams.shard.VectorScaling;
import io.dicm.ams.table.KeyIndex;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.store.FeatureSnapshot;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * All scaled vectors in a file on a worker's disk, one after the other as little-endian float32,
 * read one by one when a step needs them. For one thread.
 */
public final class VectorFile implements VectorSource, AutoCloseable {
  private static final long[] NO_KEYS = {};

  private final FileChannel channel;
  private final KeyIndex index;
  private final int dimension;
  private final ByteBuffer row;
  private long bytesRead;

  private VectorFile(FileChannel channel, KeyIndex index, int dimension) {
    this.channel = channel;
    this.index = index;
    this.dimension = dimension;
    this.row = ByteBuffer.allocateDirect(dimension * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Writes the store's vectors to a new file and opens it.
   *
   * @throws IOException when the file is there already, or the store or the disk fails
   */
  public static VectorFile create(FeatureSnapshot snapshot, Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try {
      KeyIndex index = new KeyIndex(Math.toIntExact(snapshot.imageCount(bucket -> true)));
      VectorFile vectors = new VectorFile(channel, index, snapshot.dimension());
      vectors.fill(snapshot);
      return vectors;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void fill(FeatureSnapshot snapshot) throws IOException {
    VectorScaling scaling = VectorScaling.of(snapshot);
    try {
      snapshot.scan(
          bucket -> true,
          image -> {
            if (index.add(image.imageKey()) != KeyIndex.ABSENT) {
              float[] vector = image.feature();
              scaling.apply(vector);
              append(vector);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void append(float[] vector) {
    row.clear();
    row.asFloatBuffer().put(vector);
    try {
      while (row.hasRemaining()) {
        channel.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long[] keysForServers(long[] imageKeys) {
    return NO_KEYS;
  }

  @Override
  public float[] vectors(long[] imageKeys, StepInputs answered) {
    float[] vectors = new float[Math.multiplyExact(imageKeys.length, dimension)];
    try {
      for (int i = 0; i < imageKeys.length; i++) {
        int number = index.rowOf(imageKeys[i]);
        if (number != KeyIndex.ABSENT) {
          read(number);
          row.asFloatBuffer().get(vectors, i * dimension, dimension);
        }
      }
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED, "Cannot read the vectors on disk: " + e.getMessage(), e);
    }
    return vectors;
  }

  private void read(int number) throws IOException {
    row.clear();
    long position = (long) number * row.capacity();
    while (row.hasRemaining()) {
      int read = channel.read(row, position + row.position());
      if (read < 0) {
        throw new EOFException("the file ends before vector " + number);
      }
      bytesRead += read;
    }
    row.flip();
  }

  @Override
  public int dimension() {
    return dimension;
  }

  /** Bytes of vectors read so far. */
  public long bytesRead() {
    return bytesRead;
  }

  /** Closes and deletes the file. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
