package io.dicm.feature.store;

import io.dicm.common.parquet.IgnoringConverter;
import io.dicm.feature.encode.ExtractorDescription;
import java.io.Closeable;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetRuntimeException;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;

/**
 * Reads name, key and perceptual hash of each image of one file; the vectors' bytes are not
 * fetched. Not safe for use by many threads.
 */
final class HashFileReader implements Closeable {
  private static final MessageType PROJECTION =
      new MessageType(
          FeatureSchema.MESSAGE.getName(),
          FeatureSchema.MESSAGE.getType(FeatureSchema.IMAGE_ID),
          FeatureSchema.MESSAGE.getType(FeatureSchema.IMAGE_KEY),
          FeatureSchema.MESSAGE.getType(FeatureSchema.PERCEPTUAL_HASH));

  private final Path file;
  private final ParquetFileReader parquet;

  private HashFileReader(Path file, ParquetFileReader parquet) {
    this.file = file;
    this.parquet = parquet;
  }

  /** Opens a file; errors as {@link FeatureFileReader#open}. */
  static HashFileReader open(
      Configuration conf, Path file, FeatureFile expected, ExtractorDescription extractor)
      throws IOException {
    ParquetFileReader parquet = FeatureFileReader.openChecked(conf, file, expected, extractor);
    parquet.setRequestedSchema(PROJECTION);
    return new HashFileReader(file, parquet);
  }

  /** Reads all rows. */
  void read(FeaturePart.HashConsumer consumer) throws IOException {
    try {
      for (PageReadStore group = parquet.readNextRowGroup();
          group != null;
          group = parquet.readNextRowGroup()) {
        read(group, consumer);
      }
    } catch (ParquetRuntimeException e) {
      throw FeatureFileReader.corrupt(file, "it is damaged (" + e.getMessage() + ")", e);
    }
  }

  @Override
  public void close() throws IOException {
    parquet.close();
  }

  private void read(PageReadStore group, FeaturePart.HashConsumer consumer) throws IOException {
    ColumnReadStore columns =
        new ColumnReadStoreImpl(
            group, new IgnoringConverter(), PROJECTION, parquet.getFileMetaData().getCreatedBy());
    ColumnReader imageId = column(columns, FeatureSchema.IMAGE_ID);
    ColumnReader imageKey = column(columns, FeatureSchema.IMAGE_KEY);
    ColumnReader hash = column(columns, FeatureSchema.PERCEPTUAL_HASH);
    for (long row = 0; row < group.getRowCount(); row++) {
      consumer.accept(imageId.getBinary().toStringUsingUTF8(), imageKey.getLong(), hash.getLong());
      imageId.consume();
      imageKey.consume();
      hash.consume();
    }
  }

  private static ColumnReader column(ColumnReadStore columns, String name) {
    return columns.getColumnReader(PROJECTION.getColumnDescription(new String[] {name}));
  }
}
