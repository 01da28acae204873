package io.dicm.feature.source;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.parquet.ParquetTables;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.parquet.ParquetRuntimeException;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * Parquet files with a column of image_ids and a column of pictures; other columns are not read. A
 * piece is a row group, which a map task holds in its heap. Immutable and safe for use by many
 * threads.
 */
public final class ParquetSource implements ImageSource {
  private final Configuration conf;
  private final FileTree tree;
  private final String idColumn;
  private final String bytesColumn;
  private final long maxBytes;
  private final MapHeap heap;

  /**
   * @param idColumn name of the column of image_ids
   * @param bytesColumn name of the column of pictures
   * @param maxBytes largest picture, bytes; larger ones are rejected
   * @param heap of the tasks that will read the files
   */
  ParquetSource(
      Configuration conf,
      Path location,
      String idColumn,
      String bytesColumn,
      long maxBytes,
      MapHeap heap)
      throws IOException {
    this.conf = conf;
    this.tree = new FileTree(conf, location);
    this.idColumn = idColumn;
    this.bytesColumn = bytesColumn;
    this.maxBytes = maxBytes;
    this.heap = heap;
  }

  @Override
  public SourceKind kind() {
    return SourceKind.PARQUET;
  }

  @Override
  public Path location() {
    return tree.root();
  }

  @Override
  public boolean countsImages() {
    return true;
  }

  @Override
  public Optional<String> imageId(SourcePiece piece) {
    return Optional.empty();
  }

  @Override
  public void list(PieceConsumer pieces) throws IOException {
    RemoteIterator<ListedFile> files = tree.files();
    while (files.hasNext()) {
      list(files.next(), pieces);
    }
  }

  @Override
  public ImageCursor open(SourcePiece piece) throws IOException {
    return new Rows(piece);
  }

  private void list(ListedFile file, PieceConsumer pieces) throws IOException {
    FileStatus status = file.status();
    Path path = tree.path(file.name());
    try (ParquetFileReader reader = openFooter(status, path)) {
      check(path, reader.getFileMetaData().getSchema());
      BlockHosts hosts = BlockHosts.of(tree.fileSystem(), status);
      for (BlockMetaData rowGroup : reader.getRowGroups()) {
        if (rowGroup.getRowCount() > 0) {
          pieces.accept(piece(file, path, rowGroup, hosts));
        }
      }
    }
  }

  private SourcePiece piece(ListedFile file, Path path, BlockMetaData rowGroup, BlockHosts hosts)
      throws IOException {
    long heapBytes = 0;
    for (ColumnChunkMetaData column : rowGroup.getColumns()) {
      String name = column.getPath().toDotString();
      heapBytes += name.equals(idColumn) || name.equals(bytesColumn) ? column.getTotalSize() : 0;
    }
    long mostBytes = (long) heap.rowGroupMb() << 20;
    if (heapBytes > mostBytes) {
      throw invalid(
          path,
          "a row group has "
              + heapBytes
              + " bytes of images, allowed "
              + mostBytes
              + ", since a map task holds it in its heap of "
              + heap.totalMb()
              + " MiB beside files, pictures and what it sorts",
          null);
    }
    long start = rowGroup.getStartingPos();
    return new SourcePiece(
        file.name(),
        start,
        rowGroup.getCompressedSize(),
        file.status().getModificationTime(),
        rowGroup.getRowCount(),
        hosts.at(start));
  }

  private ParquetFileReader openFooter(FileStatus status, Path path) throws IOException {
    try {
      return ParquetFileReader.open(HadoopInputFile.fromStatus(status, conf));
    } catch (RuntimeException e) {
      throw invalid(path, "it is not a whole Parquet file (" + e.getMessage() + ")", e);
    }
  }

  private void check(Path path, MessageType schema) {
    for (String column : List.of(idColumn, bytesColumn)) {
      if (!schema.containsField(column)) {
        throw invalid(path, "it has no column " + column + ", only " + columns(schema), null);
      }
      Type type = schema.getType(column);
      if (!type.isPrimitive()
          || type.isRepetition(Type.Repetition.REPEATED)
          || type.asPrimitiveType().getPrimitiveTypeName() != PrimitiveTypeName.BINARY) {
        throw invalid(
            path, "column " + column + " is '" + type + "', needed one binary a row", null);
      }
    }
  }

  private static List<String> columns(MessageType schema) {
    return schema.getFields().stream().map(Type::getName).toList();
  }

  private static DicmException invalid(Path path, String why, Exception cause) {
    return new DicmException(
        ErrorCode.INPUT_INVALID,
        "Cannot extract images of " + path + ": " + why + ". Write the file again or remove it.",
        cause);
  }

  /** Reads only the columns that are asked for. */
  private static final class ColumnsReadSupport extends GroupReadSupport {
    private final Set<String> names;

    private ColumnsReadSupport(Set<String> names) {
      this.names = names;
    }

    @Override
    public ReadContext init(InitContext context) {
      List<Type> columns =
          names.stream().map(name -> context.getFileSchema().getType(name)).toList();
      return new ReadContext(new MessageType(context.getFileSchema().getName(), columns));
    }
  }

  /** The rows of a row group. */
  private final class Rows implements ImageCursor {
    private final Path path;
    private final ParquetReader<Group> reader;
    private long row;

    private Rows(SourcePiece piece) throws IOException {
      this.path = tree.path(piece.name());
      // A row group belongs to the range that holds its middle.
      this.reader =
          ParquetTables.reader(
                  conf,
                  path,
                  new ColumnsReadSupport(new LinkedHashSet<>(List.of(idColumn, bytesColumn))))
              .withFileRange(piece.start(), piece.start() + piece.length())
              .usePageChecksumVerification(true)
              .build();
    }

    @Override
    public Optional<SourceImage> next() throws IOException {
      Group group = read();
      if (group == null) {
        return Optional.empty();
      }
      String imageId = imageId(group);
      String place = path + "#" + imageId;
      byte[] bytes =
          group.getFieldRepetitionCount(bytesColumn) == 0
              ? new byte[0]
              : group.getBinary(bytesColumn, 0).getBytes();
      return Optional.of(
          bytes.length > maxBytes
              ? SourceImage.rejected(imageId, place, Rejections.tooLarge(bytes.length, maxBytes))
              : SourceImage.of(imageId, place, bytes));
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }

    private Group read() throws IOException {
      try {
        row++;
        return reader.read();
      } catch (ParquetRuntimeException e) {
        throw invalid(path, "it is damaged (" + e.getMessage() + ")", e);
      }
    }

    private String imageId(Group group) {
      String imageId =
          group.getFieldRepetitionCount(idColumn) == 0
              ? ""
              : group.getBinary(idColumn, 0).toStringUsingUTF8();
      if (imageId.isEmpty()) {
        throw invalid(
            path, "row " + row + " of a row group has no value in column " + idColumn, null);
      }
      return imageId;
    }
  }
}
