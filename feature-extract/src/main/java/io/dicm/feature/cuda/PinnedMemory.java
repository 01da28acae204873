package io.dicm.feature.cuda;

/**
 * Memory of the process that a GPU reads itself, at the address that the process has it at, for as
 * long as this is open. The system cannot move it out meanwhile. To be closed before the memory is
 * freed.
 */
public interface PinnedMemory extends AutoCloseable {
  /** Lets the system move it again. */
  @Override
  void close();
}
