package io.dicm.feature.device;

/**
 * A place in the order of what a thread begins on a device, to wait for all before it and for
 * nothing after it. For one thread.
 */
public interface DeviceMark extends AutoCloseable {
  /** Sets the mark here, and no longer where it was. */
  void set();

  /** Waits until all that was begun before the mark has ended; returns at once if it is not set. */
  void await();

  /** Frees it; nobody may wait for it any more. */
  @Override
  void close();
}
