package io.dicm.app.logs;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A place where logs of one application lie. For one thread. */
public interface LogSource extends AutoCloseable {
  /**
   * Containers, by ID.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there are no logs at all
   */
  List<LoggedContainer> containers() throws IOException;

  /** Names of a container's files; {@code member} and finished ones among them. */
  List<String> files(LoggedContainer container) throws IOException;

  /**
   * Writes one file of a container, in the form of {@code yarn logs}, if it is there.
   *
   * @param file its name, such as {@code stderr}
   * @param tailBytes only so many of its end
   * @return whether it was there
   */
  boolean write(LoggedContainer container, String file, long tailBytes, OutputStream out)
      throws IOException;

  @Override
  default void close() {}
}
