package io.dicm.feature.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestZipIndex {
  private static final String NAME = "m/data.pkl";
  private static final int LOCAL_BYTES = 30 + 10;
  private static final int ENTRY_BYTES = 46 + 10 + 4 + 24;

  @TempDir java.nio.file.Path folder;

  /** PyTorch's writer uses the 64-bit records for large archives: all 32-bit fields are full. */
  @Test
  void sizesOf64BitsAreRead() throws IOException {
    Map<String, ZipIndex.Entry> entries = read(wide().array());

    assertThat(entries).containsOnlyKeys(NAME);
    assertThat(entries.get(NAME)).isEqualTo(new ZipIndex.Entry(true, LOCAL_BYTES, 5));
  }

  @Test
  void aWideSizeThatIsMissingIsExplained() throws IOException {
    ByteBuffer archive = wide();
    int extra = LOCAL_BYTES + 5 + 46 + 10;
    archive.putShort(extra, (short) 7); // another kind of extra field

    assertThatThrownBy(() -> read(archive.array()))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessage("its zip archive is broken: an entry lacks its 64-bit size");
  }

  @Test
  void aCutArchiveIsExplained() {
    byte[] archive = wide().array();

    assertThatThrownBy(() -> read(Arrays.copyOf(archive, archive.length - 1)))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessage(
            "its zip archive is broken: it has no directory at its end, so it was probably cut");
  }

  private static ByteBuffer wide() {
    ByteBuffer archive = ByteBuffer.allocate(LOCAL_BYTES + 5 + ENTRY_BYTES + 56 + 20 + 22);
    archive.order(ByteOrder.LITTLE_ENDIAN);
    byte[] name = NAME.getBytes(StandardCharsets.US_ASCII);
    archive.putInt(0x04034b50).position(26);
    archive.putShort((short) name.length).putShort((short) 0).put(name).put(new byte[5]);
    int directory = archive.position();
    archive.putInt(0x02014b50).position(directory + 20);
    archive.putInt(-1).putInt(-1).putShort((short) name.length).putShort((short) 28);
    archive.position(directory + 42);
    archive.putInt(-1).put(name);
    archive.putShort((short) 1).putShort((short) 24).putLong(5).putLong(5).putLong(0);
    int end64 = archive.position();
    archive.putInt(0x06064b50).putLong(44).position(end64 + 40);
    archive.putLong(ENTRY_BYTES).putLong(directory);
    archive.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1);
    int end = archive.position();
    archive.putInt(0x06054b50).position(end + 12);
    archive.putInt(-1).putInt(-1);
    return archive;
  }

  private Map<String, ZipIndex.Entry> read(byte[] archive) throws IOException {
    java.nio.file.Path local = folder.resolve("archive");
    Files.write(local, archive);
    Path file = new Path(local.toUri());
    FileSystem fs = file.getFileSystem(new Configuration());
    try (FSDataInputStream in = fs.open(file)) {
      return ZipIndex.read(in, archive.length);
    }
  }
}
