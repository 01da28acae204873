package io.dicm.feature.job;

import io.dicm.feature.source.ImageCursor;
import io.dicm.feature.source.ImageSource;
import io.dicm.feature.source.ImageSources;
import io.dicm.feature.source.SourceImage;
import io.dicm.feature.source.SourcePiece;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.RecordReader;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;

/** Reads the images of a split's pieces, each image as a whole. */
final class WholeImageReader extends RecordReader<NullWritable, InputImage> {
  private ImageSource source;
  private List<SourcePiece> pieces = List.of();
  private long images;
  private long imagesRead;
  private int nextPiece;
  private ImageCursor cursor;
  private InputImage current;

  @Override
  public void initialize(InputSplit split, TaskAttemptContext context) throws IOException {
    Configuration conf = context.getConfiguration();
    source = ImageSources.of(conf);
    pieces = ListingFile.read(conf, (FileSplit) split);
    images = pieces.stream().mapToLong(SourcePiece::images).sum();
  }

  @Override
  public boolean nextKeyValue() throws IOException {
    Optional<SourceImage> next = next();
    current = next.map(WholeImageReader::input).orElse(null);
    imagesRead += next.isPresent() ? 1 : 0;
    return next.isPresent();
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
    return images == 0 ? 1f : Math.min(1f, (float) imagesRead / images);
  }

  @Override
  public void close() throws IOException {
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }

  private Optional<SourceImage> next() throws IOException {
    while (true) {
      if (cursor != null) {
        Optional<SourceImage> image = cursor.next();
        if (image.isPresent()) {
          return image;
        }
        close();
      }
      if (nextPiece == pieces.size()) {
        return Optional.empty();
      }
      cursor = source.open(pieces.get(nextPiece));
      nextPiece++;
    }
  }

  private static InputImage input(SourceImage image) {
    return image
        .rejection()
        .map(rejection -> InputImage.rejected(image.imageId(), image.path(), rejection))
        .orElseGet(() -> InputImage.of(image.imageId(), image.path(), image.bytes()));
  }
}
