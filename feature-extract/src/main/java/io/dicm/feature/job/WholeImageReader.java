package io.dicm.feature.job;

import io.dicm.feature.decode.RejectedImage;
import io.dicm.feature.decode.RejectionReason;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.RecordReader;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;

/** Reads each image file of a split as a whole; files that are too large are not read. */
final class WholeImageReader extends RecordReader<NullWritable, InputImage> {
  private final long maxBytes;
  private FileSystem fs;
  private Path directory;
  private List<String> names = List.of();
  private int next;
  private InputImage current;

  WholeImageReader(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public void initialize(InputSplit split, TaskAttemptContext context) throws IOException {
    Configuration conf = context.getConfiguration();
    FileSplit range = (FileSplit) split;
    names = ListingFile.read(conf, range.getPath(), range.getStart(), range.getLength());
    directory = new Path(conf.get(ExtractJobKeys.IMAGES));
    fs = directory.getFileSystem(conf);
  }

  @Override
  public boolean nextKeyValue() throws IOException {
    if (next == names.size()) {
      current = null;
      return false;
    }
    current = read(names.get(next));
    next++;
    return true;
  }

  @Override
  public NullWritable getCurrentKey() {
    return NullWritable.get();
  }

  @Override
  public InputImage getCurrentValue() {
    return current;
  }

  @Override
  public float getProgress() {
    return names.isEmpty() ? 1f : (float) next / names.size();
  }

  @Override
  public void close() {}

  private InputImage read(String name) throws IOException {
    Path file = new Path(directory, name);
    String imageId = ImageFile.of(name, 0, 0).imageId();
    try {
      long length = fs.getFileStatus(file).getLen();
      if (length > maxBytes) {
        return InputImage.rejected(
            imageId,
            file.toString(),
            new RejectedImage(RejectionReason.TOO_LARGE, length + " bytes, allowed " + maxBytes));
      }
      byte[] bytes = new byte[Math.toIntExact(length)];
      try (FSDataInputStream in = fs.open(file)) {
        in.readFully(bytes);
      }
      return InputImage.of(imageId, file.toString(), bytes);
    } catch (FileNotFoundException e) {
      return InputImage.rejected(
          imageId,
          file.toString(),
          new RejectedImage(RejectionReason.VANISHED, "listed, and gone when it was read"));
    }
  }
}
