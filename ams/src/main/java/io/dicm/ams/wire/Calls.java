package io.dicm.ams.wire;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Waits for several calls together. */
public final class Calls {
  private Calls() {}

  /** The answers in the order of the calls; the first failure fails all and cancels the others. */
  public static <A> CompletableFuture<List<A>> all(List<ListenableFuture<A>> calls) {
    CompletableFuture<List<A>> answers = new CompletableFuture<>();
    AtomicInteger missing = new AtomicInteger(calls.size());
    for (ListenableFuture<A> call : calls) {
      Futures.addCallback(
          call,
          new FutureCallback<A>() {
            @Override
            public void onSuccess(A answer) {
              if (missing.decrementAndGet() == 0) {
                answers.complete(calls.stream().map(Futures::getUnchecked).toList());
              }
            }

            @Override
            public void onFailure(Throwable error) {
              if (answers.completeExceptionally(error)) {
                calls.forEach(other -> other.cancel(true));
              }
            }
          },
          MoreExecutors.directExecutor());
    }
    return answers;
  }
}
