package io.dicm.feature.store;

import io.dicm.common.parquet.IgnoringConverter;
import io.dicm.feature.encode.ExtractorDescription;
import java.io.IOException;
import java.util.BitSet;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetRuntimeException;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;

/**
 * Reads which images a file has without its vectors, and single vectors without the rest of the
 * file: names, keys and digests are columns of their own.
 */
final class FeatureKeyReader {
  private static final MessageType COLUMNS =
      new MessageType(
          FeatureSchema.MESSAGE.getName(),
          FeatureSchema.MESSAGE.getType(FeatureSchema.IMAGE_ID),
          FeatureSchema.MESSAGE.getType(FeatureSchema.IMAGE_KEY),
          FeatureSchema.MESSAGE.getType(FeatureSchema.CONTENT_DIGEST));

  private final Configuration conf;
  private final Path path;
  private final FeatureFile file;
  private final ExtractorDescription extractor;

  /** For one file, which is compared with what the manifest says. */
  FeatureKeyReader(
      Configuration conf, Path path, FeatureFile file, ExtractorDescription extractor) {
    this.conf = conf;
    this.path = path;
    this.file = file;
    this.extractor = extractor;
  }

  /** Takes one row. */
  @FunctionalInterface
  interface KeyConsumer {
    void accept(String imageId, long imageKey, String contentDigest);
  }

  /** Reads names, keys and digests in the order of the rows. */
  void scan(KeyConsumer consumer) throws IOException {
    scan((rowGroup, imageId, imageKey, digest) -> consumer.accept(imageId, imageKey, digest));
  }

  /** Reads the whole rows of some images; row groups without any are not read. */
  void find(Set<Long> imageKeys, FeaturePart.FeatureConsumer consumer) throws IOException {
    BitSet rowGroups = new BitSet();
    scan(
        (rowGroup, imageId, imageKey, digest) -> {
          if (imageKeys.contains(imageKey)) {
            rowGroups.set(rowGroup);
          }
        });
    try (FeatureFileReader reader =
        FeatureFileReader.openRowGroups(conf, path, file, extractor, rowGroups)) {
      while (reader.next()) {
        if (imageKeys.contains(reader.imageKey())) {
          consumer.accept(reader.read());
        } else {
          reader.skip();
        }
      }
    }
  }

  @FunctionalInterface
  private interface RowConsumer {
    void accept(int rowGroup, String imageId, long imageKey, String contentDigest);
  }

  private void scan(RowConsumer consumer) throws IOException {
    try (ParquetFileReader parquet = FeatureFileReader.openChecked(conf, path, file, extractor)) {
      parquet.setRequestedSchema(COLUMNS);
      int rowGroup = 0;
      for (PageReadStore pages = parquet.readNextRowGroup();
          pages != null;
          pages = parquet.readNextRowGroup()) {
        scan(parquet, pages, rowGroup++, consumer);
      }
    } catch (ParquetRuntimeException e) {
      throw FeatureFileReader.corrupt(path, "it is damaged (" + e.getMessage() + ")", e);
    }
  }

  private static void scan(
      ParquetFileReader parquet, PageReadStore pages, int rowGroup, RowConsumer consumer) {
    ColumnReadStoreImpl columns =
        new ColumnReadStoreImpl(
            pages, new IgnoringConverter(), COLUMNS, parquet.getFileMetaData().getCreatedBy());
    ColumnReader imageId = column(columns, FeatureSchema.IMAGE_ID);
    ColumnReader imageKey = column(columns, FeatureSchema.IMAGE_KEY);
    ColumnReader digest = column(columns, FeatureSchema.CONTENT_DIGEST);
    for (long row = 0; row < pages.getRowCount(); row++) {
      consumer.accept(
          rowGroup,
          imageId.getBinary().toStringUsingUTF8(),
          imageKey.getLong(),
          digest.getBinary().toStringUsingUTF8());
      imageId.consume();
      imageKey.consume();
      digest.consume();
    }
  }

  private static ColumnReader column(ColumnReadStoreImpl columns, String name) {
    return columns.getColumnReader(COLUMNS.getColumnDescription(new String[] {name}));
  }
}
