package io.dicm.ams.tier;

import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.memory.NativeBlock;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.wire.CallFailures;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;

/**
 * Vectors of other servers' images, each fetched once while it is kept: those that were not wanted
 * for longest make room. They are held as their owner holds them, outside the Java heap, so that
 * cosines are the same wherever they are computed. For one thread.
 */
public final class PeerVectors implements AutoCloseable {
  /** Waited beyond the calls' own deadline, so that theirs is the one that is reported. */
  private static final long GRACE_MS = 5_000;

  /** A few answers on the way are better than one that fills a server's heap. */
  private static final int ANSWER_BYTES = 4 << 20;

  private final PeerSource source;
  private final int servers;
  private final int dimension;
  private final VectorPrecision precision;
  private final MemoryBudget budget;
  private final long timeoutMs;
  private final int mostImages;

  /** By image key, those wanted last at the end. */
  private final Map<Long, Held> held = new LinkedHashMap<>(16, 0.75f, true);

  private long fetched;

  /**
   * An image's vector.
   *
   * @param block null for an image that its owner has no vector of
   */
  record Held(NativeBlock block) {}

  /**
   * @param servers how many there are
   * @param budget what the memory is taken of
   * @param mostBytes of all vectors together; one is kept in any case
   * @param timeoutMs longest wait for the other servers
   */
  public PeerVectors(
      PeerSource source,
      int servers,
      int dimension,
      VectorPrecision precision,
      MemoryBudget budget,
      long mostBytes,
      long timeoutMs) {
    this.source = source;
    this.servers = servers;
    this.dimension = dimension;
    this.precision = precision;
    this.budget = budget;
    this.timeoutMs = timeoutMs;
    this.mostImages =
        (int) Math.max(1, Math.min(Integer.MAX_VALUE, mostBytes / vectorBytes(precision)));
  }

  private int vectorBytes(VectorPrecision of) {
    return dimension * of.valueBytes();
  }

  /** How many images may be held at a time. */
  int mostImages() {
    return mostImages;
  }

  /** How many images are held. */
  int size() {
    return held.size();
  }

  /** Images asked for at their owners so far. */
  long fetched() {
    return fetched;
  }

  /**
   * The vectors of some images, which are valid until the next call.
   *
   * @param imageKeys at most {@link #mostImages()} different ones, of other servers, in ascending
   *     unsigned order
   * @throws DicmException {@code SERVICE_UNAVAILABLE}, {@code WINDOW_TIMED_OUT} when an owner does
   *     not answer; {@code MEMORY_PLAN_TOO_LARGE}
   */
  List<Held> hold(long[] imageKeys) {
    // Also makes those that are there the last ones to be dropped.
    long[] absent = LongStream.of(imageKeys).filter(key -> held.get(key) == null).toArray();
    if (absent.length > 0) {
      makeRoom(absent.length);
      fetch(absent);
    }
    return LongStream.of(imageKeys).mapToObj(held::get).toList();
  }

  private void makeRoom(int images) {
    Iterator<Held> oldest = held.values().iterator();
    for (int over = held.size() + images - mostImages; over > 0; over--) {
      release(oldest.next());
      oldest.remove();
    }
  }

  private void fetch(long[] imageKeys) {
    List<Call> calls = new ArrayList<>();
    for (int server = 0; server < servers; server++) {
      ask(server, imageKeys, calls);
    }
    for (Call call : calls) {
      take(call.imageKeys, await(call));
    }
  }

  private record Call(int server, long[] imageKeys, CompletableFuture<StoredVectors> answer) {}

  private void ask(int server, long[] imageKeys, List<Call> calls) {
    long[] owned =
        LongStream.of(imageKeys).filter(key -> Buckets.serverOf(key, servers) == server).toArray();
    int most = Math.max(1, ANSWER_BYTES / vectorBytes(precision));
    for (int from = 0; from < owned.length; from += most) {
      long[] some = LongStream.of(owned).skip(from).limit(most).toArray();
      calls.add(new Call(server, some, source.vectors(server, some)));
    }
  }

  private StoredVectors await(Call call) {
    String what = "fetch image vectors from server " + call.server;
    try {
      return call.answer.get(timeoutMs + GRACE_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw CallFailures.toException(e, what);
    } catch (TimeoutException e) {
      throw new DicmException(
          ErrorCode.WINDOW_TIMED_OUT,
          "Cannot " + what + ": it did not answer within " + timeoutMs + " ms. See its log.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DicmException(
          ErrorCode.INTERRUPTED, "Cannot " + what + ": the server was interrupted.", e);
    }
  }

  private void take(long[] imageKeys, StoredVectors stored) {
    int bytes = vectorBytes(precision);
    ByteBuffer vectors = stored.vectors().duplicate();
    if (vectors.remaining() != (imageKeys.length - stored.missing().length) * bytes) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot take image vectors of another server: got "
              + vectors.remaining()
              + " bytes for "
              + (imageKeys.length - stored.missing().length)
              + " vectors of "
              + bytes
              + ".");
    }
    fetched += imageKeys.length;
    int missing = 0;
    for (int i = 0; i < imageKeys.length; i++) {
      if (missing < stored.missing().length && stored.missing()[missing] == i) {
        missing++;
        held.put(imageKeys[i], new Held(null));
      } else {
        held.put(imageKeys[i], new Held(block(vectors, bytes)));
      }
    }
  }

  private NativeBlock block(ByteBuffer vectors, int bytes) {
    NativeBlock block = NativeBlock.zeroed(budget, bytes);
    block.bytes().put(0, vectors, vectors.position(), bytes);
    vectors.position(vectors.position() + bytes);
    return block;
  }

  /** Copies a held vector; false when there is none. Safe for many threads between calls. */
  boolean copy(Held one, float[] target) {
    if (one.block == null) {
      return false;
    }
    precision.decode(one.block.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN), target);
    return true;
  }

  private static void release(Held one) {
    if (one.block != null) {
      one.block.release();
    }
  }

  /** Drops all. */
  @Override
  public void close() {
    held.values().forEach(PeerVectors::release);
    held.clear();
  }
}
