package io.dicm.trainer.sample;

import io.dicm.common.parquet.IgnoringConverter;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;

/**
 * Reads pieces one after the other; holds one row group at a time, and reads it once for pieces of
 * it that follow one another.
 */
final class PieceSource implements SampleSource {
  private final Configuration conf;
  private final FeatureSchema schema;
  private final MessageType type;
  private final Iterator<SamplePiece> pieces;

  private Path openFile;
  private ParquetFileReader reader;
  private PageReadStore pages;
  private int openRowGroup;
  private SampleRows rows;
  private long nextSample;
  private long samplesLeft;

  PieceSource(Configuration conf, FeatureSchema schema, List<SamplePiece> pieces) {
    this(conf, schema, pieces.iterator());
  }

  /**
   * @param pieces each asked for when the one before is read
   */
  PieceSource(Configuration conf, FeatureSchema schema, Iterator<SamplePiece> pieces) {
    this.conf = conf;
    this.schema = schema;
    this.type = SampleFormat.messageType(schema);
    this.pieces = pieces;
  }

  @Override
  public Sample next() throws IOException {
    while (samplesLeft == 0) {
      if (!pieces.hasNext()) {
        closePages();
        return null;
      }
      start(pieces.next());
    }
    samplesLeft--;
    nextSample++;
    return rows.next();
  }

  @Override
  public void close() throws IOException {
    samplesLeft = 0;
    closePages();
    closeReader();
  }

  private void start(SamplePiece piece) throws IOException {
    if (!isOpen(piece)) {
      read(piece);
    }
    for (; nextSample < piece.fromSample(); nextSample++) {
      rows.next();
    }
    samplesLeft = piece.toSample() - piece.fromSample();
  }

  /** Whether reading on leads to the piece. */
  private boolean isOpen(SamplePiece piece) {
    return pages != null
        && piece.file().equals(openFile)
        && piece.rowGroup() == openRowGroup
        && piece.fromSample() >= nextSample;
  }

  private void read(SamplePiece piece) throws IOException {
    closePages();
    open(piece.file());
    pages = reader.readRowGroup(piece.rowGroup());
    openRowGroup = piece.rowGroup();
    nextSample = 0;
    String writtenBy = reader.getFooter().getFileMetaData().getCreatedBy();
    rows =
        new SampleRows(
            new ColumnReadStoreImpl(pages, new IgnoringConverter(), type, writtenBy), type, schema);
  }

  private void open(Path file) throws IOException {
    if (file.equals(openFile)) {
      return;
    }
    closeReader();
    reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(file, conf), HadoopReadOptions.builder(conf, file).build());
    reader.setRequestedSchema(type);
    openFile = file;
  }

  private void closePages() {
    if (pages != null) {
      pages.close();
      pages = null;
    }
  }

  private void closeReader() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
      openFile = null;
    }
  }
}
