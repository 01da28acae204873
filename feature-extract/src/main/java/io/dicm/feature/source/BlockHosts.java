package io.dicm.feature.source;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/** Which machines hold which part of one large file, asked for once. Immutable. */
final class BlockHosts {
  private final List<BlockLocation> blocks;

  private BlockHosts(List<BlockLocation> blocks) {
    this.blocks = blocks;
  }

  static BlockHosts of(FileSystem fs, FileStatus file) throws IOException {
    return new BlockHosts(List.of(fs.getFileBlockLocations(file, 0, file.getLen())));
  }

  /** The machines that hold the byte at a position. */
  List<String> at(long position) throws IOException {
    for (BlockLocation block : blocks) {
      if (position >= block.getOffset() && position < block.getOffset() + block.getLength()) {
        return Arrays.asList(block.getHosts());
      }
    }
    return List.of();
  }
}
