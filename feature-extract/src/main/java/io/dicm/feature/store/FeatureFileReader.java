package io.dicm.feature.store;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.parquet.IgnoringConverter;
import io.dicm.feature.encode.ExtractorDescription;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetRuntimeException;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/**
 * Reads one file of the store column by column: vectors come as arrays without an object for each
 * float. For each row, {@link #next} is followed by {@link #read} or {@link #skip}. Not safe for
 * use by many threads.
 */
final class FeatureFileReader implements Closeable {
  private final Path file;
  private final ParquetFileReader parquet;
  private final int dimension;
  private final BitSet rowGroups;
  private Columns columns;
  private long rowsLeft;
  private int rowGroup;

  private record Columns(
      ColumnReader imageId,
      ColumnReader imageKey,
      ColumnReader contentDigest,
      ColumnReader feature,
      ColumnReader width,
      ColumnReader height,
      ColumnReader extractedAt,
      ColumnReader perceptualHash) {
    /** The columns with one value a row. */
    List<ColumnReader> scalars() {
      return List.of(imageId, imageKey, contentDigest, width, height, extractedAt, perceptualHash);
    }
  }

  private FeatureFileReader(Path file, ParquetFileReader parquet, int dimension, BitSet rowGroups) {
    this.file = file;
    this.parquet = parquet;
    this.dimension = dimension;
    this.rowGroups = rowGroups;
  }

  /**
   * Opens a file and compares it with what the manifest says.
   *
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when length or row count differ, {@link
   *     ErrorCode#SCHEMA_MISMATCH} when the vectors are of another extractor
   */
  static FeatureFileReader open(
      Configuration conf, Path file, FeatureFile expected, ExtractorDescription extractor)
      throws IOException {
    ParquetFileReader parquet = openChecked(conf, file, expected, extractor);
    BitSet all = new BitSet();
    all.set(0, parquet.getRowGroups().size());
    return new FeatureFileReader(file, parquet, extractor.dimension(), all);
  }

  /**
   * As {@link #open}, for some row groups only: the others are not read.
   *
   * @param rowGroups numbers of the wanted ones, from 0
   */
  static FeatureFileReader openRowGroups(
      Configuration conf,
      Path file,
      FeatureFile expected,
      ExtractorDescription extractor,
      BitSet rowGroups)
      throws IOException {
    return new FeatureFileReader(
        file, openChecked(conf, file, expected, extractor), extractor.dimension(), rowGroups);
  }

  /** Opens a file for a reader of any of its columns; errors as {@link #open}. */
  static ParquetFileReader openChecked(
      Configuration conf, Path file, FeatureFile expected, ExtractorDescription extractor)
      throws IOException {
    checkLength(conf, file, expected);
    ParquetFileReader parquet = openParquet(conf, file);
    try {
      check(parquet, file, expected, extractor);
      return parquet;
    } catch (RuntimeException e) {
      parquet.close();
      throw e;
    }
  }

  /** The error of a file that is not what the manifest says. */
  static DicmException corrupt(Path file, String why, Exception cause) {
    return new DicmException(
        ErrorCode.STORE_CORRUPT,
        "Cannot read image vectors from "
            + file
            + ": "
            + why
            + ". Extract again with "
            + DicmKeys.FEATURES_VERIFY
            + "=digests, which replaces what is damaged.",
        cause);
  }

  /** Goes to the next row; false after the last one. */
  boolean next() throws IOException {
    try {
      while (rowsLeft == 0) {
        if (rowGroup == parquet.getRowGroups().size()) {
          return false;
        }
        if (rowGroups.get(rowGroup)) {
          PageReadStore read = parquet.readNextRowGroup();
          columns = columns(read);
          rowsLeft = read.getRowCount();
        } else {
          parquet.skipNextRowGroup();
        }
        rowGroup++;
      }
    } catch (ParquetRuntimeException e) {
      throw damaged(e);
    }
    rowsLeft--;
    return true;
  }

  /** The row's image key. */
  long imageKey() {
    return columns.imageKey().getLong();
  }

  /** Reads the row. */
  FeatureRecord read() {
    try {
      FeatureRecord image =
          new FeatureRecord(
              columns.imageId().getBinary().toStringUsingUTF8(),
              columns.imageKey().getLong(),
              columns.contentDigest().getBinary().toStringUsingUTF8(),
              readFeature(),
              columns.width().getInteger(),
              columns.height().getInteger(),
              columns.extractedAt().getLong(),
              columns.perceptualHash().getLong());
      columns.scalars().forEach(ColumnReader::consume);
      return image;
    } catch (ParquetRuntimeException e) {
      throw damaged(e);
    }
  }

  /** Passes over the row. */
  void skip() {
    try {
      columns.scalars().forEach(FeatureFileReader::skip);
      for (int i = 0; i < dimension; i++) {
        skip(columns.feature());
      }
    } catch (ParquetRuntimeException e) {
      throw damaged(e);
    }
  }

  @Override
  public void close() throws IOException {
    parquet.close();
  }

  private float[] readFeature() {
    ColumnReader column = columns.feature();
    float[] feature = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      boolean startsRow = column.getCurrentRepetitionLevel() == 0;
      if (startsRow != (i == 0)) {
        throw corrupt(file, "a vector does not have " + dimension + " floats", null);
      }
      feature[i] = column.getFloat();
      column.consume();
    }
    return feature;
  }

  private Columns columns(PageReadStore pages) {
    ColumnReadStore store =
        new ColumnReadStoreImpl(
            pages,
            new IgnoringConverter(),
            FeatureSchema.MESSAGE,
            parquet.getFileMetaData().getCreatedBy());
    return new Columns(
        column(store, FeatureSchema.IMAGE_ID),
        column(store, FeatureSchema.IMAGE_KEY),
        column(store, FeatureSchema.CONTENT_DIGEST),
        column(store, FeatureSchema.FEATURE_ELEMENT),
        column(store, FeatureSchema.WIDTH),
        column(store, FeatureSchema.HEIGHT),
        column(store, FeatureSchema.EXTRACTED_AT),
        column(store, FeatureSchema.PERCEPTUAL_HASH));
  }

  private static ColumnReader column(ColumnReadStore store, String path) {
    return store.getColumnReader(FeatureSchema.MESSAGE.getColumnDescription(path.split("\\.", -1)));
  }

  private DicmException damaged(ParquetRuntimeException e) {
    return corrupt(file, "it is damaged (" + e.getMessage() + ")", e);
  }

  private static void skip(ColumnReader column) {
    column.skip();
    column.consume();
  }

  private static void checkLength(Configuration conf, Path file, FeatureFile expected)
      throws IOException {
    try {
      long length = file.getFileSystem(conf).getFileStatus(file).getLen();
      if (length != expected.bytes()) {
        throw corrupt(
            file, "it has " + length + " bytes, the manifest says " + expected.bytes(), null);
      }
    } catch (FileNotFoundException e) {
      throw corrupt(file, "the manifest names it and it is not there", e);
    }
  }

  private static ParquetFileReader openParquet(Configuration conf, Path file) throws IOException {
    try {
      return ParquetFileReader.open(
          HadoopInputFile.fromPath(file, conf),
          HadoopReadOptions.builder(conf, file).usePageChecksumVerification(true).build());
    } catch (RuntimeException e) {
      throw corrupt(file, "it is not a whole Parquet file", e);
    }
  }

  private static void check(
      ParquetFileReader parquet, Path file, FeatureFile expected, ExtractorDescription extractor) {
    FileMetaData metadata = parquet.getFileMetaData();
    if (!metadata.getSchema().equals(FeatureSchema.MESSAGE)) {
      throw corrupt(file, "its columns are not those of the feature store", null);
    }
    String extractorId = metadata.getKeyValueMetaData().get(FeatureSchema.EXTRACTOR_ID);
    if (!extractor.extractorId().equals(extractorId)) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot read "
              + file
              + ": its vectors are of extractor "
              + extractorId
              + ", which must not be mixed with those of "
              + extractor.extractorId()
              + ".");
    }
    if (parquet.getRecordCount() != expected.rows()) {
      throw corrupt(
          file,
          "it has " + parquet.getRecordCount() + " images, the manifest says " + expected.rows(),
          null);
    }
  }
}
