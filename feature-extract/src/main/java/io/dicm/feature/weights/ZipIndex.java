package io.dicm.feature.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * The entries of a zip archive in any file system, where Java's own reader cannot be used. Knows
 * entries that are stored as they are, with 64-bit sizes too (APPNOTE.TXT 6.3.10, sections 4.3.7 to
 * 4.5.3).
 */
final class ZipIndex {
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int MOST_COMMENT_BYTES = 0xFFFF;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int END_64_SIGNATURE = 0x06064b50;
  private static final int END_64_BYTES = 56;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int EXTRA_64 = 1;
  private static final long MANY_32 = 0xFFFFFFFFL;
  private static final int MOST_DIRECTORY_BYTES = 1 << 26;

  private final FSDataInputStream in;
  private final long fileBytes;

  private ZipIndex(FSDataInputStream in, long fileBytes) {
    this.in = in;
    this.fileBytes = fileBytes;
  }

  /**
   * One entry.
   *
   * @param stored whether its bytes lie in the archive as they are, not compressed
   * @param begin place of its first byte in the archive
   * @param bytes its length
   */
  record Entry(boolean stored, long begin, long bytes) {}

  /**
   * Reads the entries by name.
   *
   * @throws MalformedWeightsException when the archive was cut or is broken
   */
  static Map<String, Entry> read(FSDataInputStream in, long fileBytes) throws IOException {
    return new ZipIndex(in, fileBytes).read();
  }

  private Map<String, Entry> read() throws IOException {
    ByteBuffer directory = directory();
    Map<String, Entry> entries = new LinkedHashMap<>();
    while (directory.remaining() >= ENTRY_BYTES
        && directory.getInt(directory.position()) == ENTRY_SIGNATURE) {
      int start = directory.position();
      int nameBytes = unsignedShort(directory, start + 28);
      int extraBytes = unsignedShort(directory, start + 30);
      int commentBytes = unsignedShort(directory, start + 32);
      int length = ENTRY_BYTES + nameBytes + extraBytes + commentBytes;
      if (length > directory.remaining()) {
        throw broken("its directory ends too early");
      }
      byte[] name = new byte[nameBytes];
      directory.get(start + ENTRY_BYTES, name);
      ByteBuffer extra = directory.slice(start + ENTRY_BYTES + nameBytes, extraBytes);
      Entry entry = entry(directory, start, extra.order(ByteOrder.LITTLE_ENDIAN));
      entries.put(new String(name, StandardCharsets.UTF_8), entry);
      directory.position(start + length);
    }
    return entries;
  }

  private Entry entry(ByteBuffer directory, int start, ByteBuffer extra) throws IOException {
    long bytes = unsignedInt(directory, start + 24);
    long compressedBytes = unsignedInt(directory, start + 20);
    long local = unsignedInt(directory, start + 42);
    ByteBuffer wide = extra64(extra);
    if (bytes == MANY_32) {
      bytes = next64(wide);
    }
    if (compressedBytes == MANY_32) {
      compressedBytes = next64(wide);
    }
    if (local == MANY_32) {
      local = next64(wide);
    }
    ByteBuffer header = bytes(local, LOCAL_BYTES);
    if (header.getInt(0) != LOCAL_SIGNATURE) {
      throw broken("an entry does not lie where its directory says");
    }
    long begin = local + LOCAL_BYTES + unsignedShort(header, 26) + (long) unsignedShort(header, 28);
    boolean stored = unsignedShort(directory, start + 10) == 0 && bytes == compressedBytes;
    if (stored && (bytes < 0 || bytes > fileBytes - begin)) {
      throw broken("an entry reaches beyond its end");
    }
    return new Entry(stored, begin, bytes);
  }

  private ByteBuffer directory() throws IOException {
    int tailBytes = (int) Math.min(fileBytes, END_BYTES + MOST_COMMENT_BYTES);
    ByteBuffer tail = bytes(fileBytes - tailBytes, tailBytes);
    int end = tailBytes - END_BYTES;
    while (end >= 0 && tail.getInt(end) != END_SIGNATURE) {
      end--;
    }
    if (end < 0) {
      throw broken("it has no directory at its end, so it was probably cut");
    }
    long length = unsignedInt(tail, end + 12);
    long start = unsignedInt(tail, end + 16);
    long locator = fileBytes - tailBytes + end - LOCATOR_BYTES;
    if (locator >= 0) {
      ByteBuffer wide = bytes(locator, LOCATOR_BYTES);
      if (wide.getInt(0) == LOCATOR_SIGNATURE) {
        ByteBuffer end64 = bytes(wide.getLong(8), END_64_BYTES);
        if (end64.getInt(0) != END_64_SIGNATURE) {
          throw broken("its 64-bit directory does not lie where it says");
        }
        length = end64.getLong(40);
        start = end64.getLong(48);
      }
    }
    if (length < 0 || length > MOST_DIRECTORY_BYTES) {
      throw broken("its directory has " + length + " bytes");
    }
    return bytes(start, (int) length);
  }

  private ByteBuffer bytes(long position, int count) throws IOException {
    if (position < 0 || position > fileBytes - count) {
      throw broken("its directory points beyond its end");
    }
    byte[] bytes = new byte[count];
    in.readFully(position, bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The extra field with the 64-bit sizes, or nothing. */
  private static ByteBuffer extra64(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = extra.getShort() & 0xFFFF;
      int length = Math.min(extra.getShort() & 0xFFFF, extra.remaining());
      if (id == EXTRA_64) {
        return extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      }
      extra.position(extra.position() + length);
    }
    return ByteBuffer.allocate(0);
  }

  private static long next64(ByteBuffer wide) throws MalformedWeightsException {
    if (wide.remaining() < Long.BYTES) {
      throw broken("an entry lacks its 64-bit size");
    }
    return wide.getLong();
  }

  private static int unsignedShort(ByteBuffer buffer, int index) {
    return buffer.getShort(index) & 0xFFFF;
  }

  private static long unsignedInt(ByteBuffer buffer, int index) {
    return buffer.getInt(index) & MANY_32;
  }

  private static MalformedWeightsException broken(String why) {
    return new MalformedWeightsException("its zip archive is broken: " + why);
  }
}
