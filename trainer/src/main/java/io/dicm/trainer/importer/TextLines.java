package io.dicm.trainer.importer;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The lines of a UTF-8 file, compressed by gzip or not, which its first bytes tell. For one thread.
 */
final class TextLines implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final BufferedReader reader;
  private long number;

  /**
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there is no such file
   */
  TextLines(Configuration conf, Path file) throws IOException {
    this.file = file;
    this.reader =
        new BufferedReader(
            new InputStreamReader(open(conf, file), StandardCharsets.UTF_8.newDecoder()),
            BUFFER_BYTES);
  }

  /**
   * The next line; null after the last one.
   *
   * @throws DicmException {@link ErrorCode#INPUT_INVALID} where the compression is broken or ends,
   *     or what follows is not UTF-8
   */
  String next() throws IOException {
    try {
      number++;
      return reader.readLine();
    } catch (EOFException e) {
      throw invalid("the compressed file ends here; fetch it again", e);
    } catch (ZipException e) {
      throw invalid("the compression is broken from here (" + e.getMessage() + ")", e);
    } catch (CharacterCodingException e) {
      throw invalid("it is not UTF-8", e);
    }
  }

  /** An error at the line that {@link #next} returned last. */
  DicmException invalid(String why, Exception cause) {
    return new DicmException(
        ErrorCode.INPUT_INVALID,
        "Cannot import " + file + ": line " + number + ": " + why + ".",
        cause);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private static InputStream open(Configuration conf, Path file) throws IOException {
    try {
      InputStream in = new BufferedInputStream(file.getFileSystem(conf).open(file), BUFFER_BYTES);
      in.mark(2);
      boolean compressed = in.read() == 0x1f && in.read() == 0x8b;
      in.reset();
      return compressed ? new GZIPInputStream(in, BUFFER_BYTES) : in;
    } catch (FileNotFoundException e) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING, "Cannot import " + file + ": there is no such file.", e);
    }
  }
}
