package io.dicm.trainer.input;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * The columns of a Parquet file that are asked for, checked to be of types that can be read.
 * Immutable.
 */
final class ParquetColumns {
  private final MessageType fileSchema;
  private final MessageType schema;

  private ParquetColumns(MessageType fileSchema, MessageType schema) {
    this.fileSchema = fileSchema;
    this.schema = schema;
  }

  /**
   * Reads a file's footer.
   *
   * @throws DicmException {@link ErrorCode#INPUT_INVALID} naming the column whose type cannot be
   *     read, or when it is not a whole Parquet file; {@link ErrorCode#INPUT_MISSING}
   */
  static ParquetColumns read(Configuration conf, Path file, List<String> wanted)
      throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, conf))) {
      return of(reader.getFileMetaData().getSchema(), file, wanted);
    } catch (FileNotFoundException e) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING, "Cannot read " + file + ": there is no such file.", e);
    } catch (DicmException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID,
          "Cannot read " + file + ": it is not a whole Parquet file (" + e.getMessage() + ").",
          e);
    }
  }

  private static ParquetColumns of(MessageType fileSchema, Path file, List<String> wanted) {
    Set<String> names = new TreeSet<>(wanted);
    List<Type> types =
        fileSchema.getFields().stream().filter(type -> names.contains(type.getName())).toList();
    for (Type type : types) {
      if (!isReadable(type)) {
        throw new DicmException(
            ErrorCode.INPUT_INVALID,
            "Cannot read column "
                + type.getName()
                + " of "
                + file
                + ": it is '"
                + type.toString().replaceAll("\\s+", " ")
                + "', needed a string, a number, a boolean, a date, a timestamp, or a list of"
                + " them.");
      }
    }
    return new ParquetColumns(fileSchema, new MessageType(fileSchema.getName(), types));
  }

  /** All columns of the file. */
  List<String> fileColumns() {
    return fileSchema.getFields().stream().map(Type::getName).toList();
  }

  /** The columns that are read, as the file has them; it may have none of them. */
  MessageType schema() {
    return schema;
  }

  /** A list is groups of one field each around one primitive, whichever way it was written. */
  private static boolean isReadable(Type type) {
    if (type.isPrimitive()) {
      return ParquetText.isReadable(type.asPrimitiveType());
    }
    return type.asGroupType().getFieldCount() == 1 && isReadable(type.asGroupType().getType(0));
  }
}
