package io.dicm.ams.client;

import com.google.common.util.concurrent.ListenableFuture;
import io.dicm.ams.wire.CallFailures;
import io.dicm.ams.wire.Calls;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The same call to all servers at a time: the first failure ends the wait and cancels the others.
 *
 * @param <R> what a server replies
 * @param <A> what the replies make together
 */
final class ServerCalls<R, A> implements Answer<A> {
  private final String what;
  private final List<ListenableFuture<R>> calls;
  private final CompletableFuture<List<R>> replies;
  private final Function<List<R>, A> join;
  private final long timeoutMs;
  private boolean joined;
  private A answer;

  /**
   * @param what is done, for messages
   * @param calls under way, by server
   * @param join makes the answer of all replies
   * @param timeoutMs longest wait; more than the calls' own deadline, so that theirs is reported
   */
  ServerCalls(
      String what, List<ListenableFuture<R>> calls, Function<List<R>, A> join, long timeoutMs) {
    this.what = what;
    this.calls = calls;
    this.replies = Calls.all(calls);
    this.join = join;
    this.timeoutMs = timeoutMs;
  }

  @Override
  public A await() {
    if (!joined) {
      answer = join.apply(replies());
      joined = true;
    }
    return answer;
  }

  private List<R> replies() {
    try {
      return replies.get(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw CallFailures.toException(e, what);
    } catch (TimeoutException e) {
      throw new DicmException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "Cannot " + what + ": no answer within " + timeoutMs + " ms.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DicmException(
          ErrorCode.INTERRUPTED, "Cannot " + what + ": the worker was interrupted.", e);
    } finally {
      calls.forEach(call -> call.cancel(true));
    }
  }
}
