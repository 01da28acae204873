package io.dicm.common.key;

/**
 * The fixed virtual buckets into which image keys and ID keys fall. The number of buckets never
 * changes; servers and files take whole buckets, so that changing their number moves no key to
 * another bucket.
 */
public final class Buckets {
  /** The number of virtual buckets. */
  public static final int COUNT = 1024;

  private Buckets() {}

  /** The bucket of a key: its low ten bits, 0..1023. */
  public static int of(long key) {
    return (int) (key & (COUNT - 1));
  }

  /** The server, of {@code servers}, that owns the bucket of {@code key}. */
  public static int serverOf(long key, int servers) {
    return of(key) % servers;
  }
}
