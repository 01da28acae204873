package io.dicm.ams.server;

import com.google.protobuf.MessageLite;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.dense.DenseParameters;
import io.dicm.ams.proto.AdvancedModelServerGrpc.AdvancedModelServerImplBase;
import io.dicm.ams.proto.BackwardReply;
import io.dicm.ams.proto.BackwardRequest;
import io.dicm.ams.proto.ForwardReply;
import io.dicm.ams.proto.ForwardRequest;
import io.dicm.ams.proto.JoinReply;
import io.dicm.ams.proto.JoinRequest;
import io.dicm.ams.proto.LeaveReply;
import io.dicm.ams.proto.LeaveRequest;
import io.dicm.ams.proto.PullDenseReply;
import io.dicm.ams.proto.PullDenseRequest;
import io.dicm.ams.proto.ReduceGradientsReply;
import io.dicm.ams.proto.ReduceGradientsRequest;
import io.dicm.ams.proto.ShareValuesReply;
import io.dicm.ams.proto.ShareValuesRequest;
import io.dicm.ams.proto.StatisticsReply;
import io.dicm.ams.proto.StatisticsRequest;
import io.dicm.ams.proto.VectorsReply;
import io.dicm.ams.proto.VectorsRequest;
import io.dicm.ams.reduce.GradientPart;
import io.dicm.ams.reduce.RangeValues;
import io.dicm.ams.reduce.ReplicaExchange;
import io.dicm.ams.tier.StoredVectors;
import io.dicm.ams.window.StepWindow;
import io.dicm.ams.wire.CallFailures;
import io.dicm.ams.wire.ReplicaMessages;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.ams.wire.StepMessages;
import io.dicm.ams.wire.TierMessages;
import io.dicm.ams.wire.WireArrays;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Turns calls into work for the compute thread. Messages are read on the calling threads, which
 * never wait: an answer is sent when it is there.
 */
final class AmsRpcService extends AdvancedModelServerImplBase {
  private final ComputeThread compute;
  private final StepWindow window;
  private final RequestGuard guard;
  private final DenseParameters dense;
  private final ReplicaExchange exchange;
  private final Optional<TierService> tiers;
  private final Supplier<ServerStatistics> statistics;
  private final TrafficCounter traffic;
  private final BooleanSupplier ready;
  private final JoinReply welcome;

  /**
   * @param tiers counts histograms, where the server has what that takes
   * @param welcome what a worker that joins is answered
   * @param ready whether steps can run; until then workers are asked to try again
   */
  AmsRpcService(
      ComputeThread compute,
      StepWindow window,
      RequestGuard guard,
      DenseParameters dense,
      ReplicaExchange exchange,
      Optional<TierService> tiers,
      JoinReply welcome,
      Supplier<ServerStatistics> statistics,
      TrafficCounter traffic,
      BooleanSupplier ready) {
    this.compute = compute;
    this.window = window;
    this.guard = guard;
    this.dense = dense;
    this.exchange = exchange;
    this.tiers = tiers;
    this.statistics = statistics;
    this.traffic = traffic;
    this.ready = ready;
    this.welcome = welcome;
  }

  @Override
  public void join(JoinRequest message, StreamObserver<JoinReply> observer) {
    serve(
        message,
        observer,
        () -> {
          float[] range = WireArrays.floats(message.getDenseRange(), "dense_range");
          return () -> {
            int worker = message.getWorker();
            window.join(
                worker,
                () ->
                    dense.offer(
                        worker, message.getDenseLength(), message.getDenseStatistics(), range));
            return CompletableFuture.completedFuture(null);
          };
        },
        done -> welcome);
  }

  @Override
  public void forward(ForwardRequest message, StreamObserver<ForwardReply> observer) {
    serve(
        message,
        observer,
        () -> {
          checkReady();
          StepRequest request = guard.read(message);
          RowPrecision precision = StepMessages.precision(message.getPrecision());
          CompletableFuture<int[]> counts = tierCounts(message);
          return () ->
              window
                  .forward(message.getWorker(), request)
                  .thenCombine(counts, StepInputs::withTiers)
                  .thenApply(inputs -> StepMessages.message(inputs, precision));
        },
        reply -> reply);
  }

  /** Counted beside the window: the vectors do not change, so no step has to come first. */
  private CompletableFuture<int[]> tierCounts(ForwardRequest message) {
    if (!message.hasTiers()) {
      return CompletableFuture.completedFuture(new int[0]);
    }
    return tierService().count(message);
  }

  private TierService tierService() {
    return tiers.orElseThrow(
        () ->
            new DicmException(
                ErrorCode.CONFIGURATION_INVALID,
                "Cannot count tier histograms: only servers that run the sub-model do. Choose"
                    + " another aggregator ("
                    + DicmKeys.MODEL_AGGREGATOR
                    + ") or the storage strategy ams."));
  }

  @Override
  public void backward(BackwardRequest message, StreamObserver<BackwardReply> observer) {
    serve(
        message,
        observer,
        () -> {
          StepGradients gradients = StepMessages.record(message);
          return () -> window.backward(message.getWorker(), gradients);
        },
        done -> BackwardReply.getDefaultInstance());
  }

  @Override
  public void leave(LeaveRequest message, StreamObserver<LeaveReply> observer) {
    serve(
        message,
        observer,
        () ->
            () -> {
              window.leave(message.getWorker(), message.getNextStep());
              return CompletableFuture.completedFuture(null);
            },
        done -> LeaveReply.getDefaultInstance());
  }

  @Override
  public void pullDense(PullDenseRequest message, StreamObserver<PullDenseReply> observer) {
    serve(
        message,
        observer,
        () -> () -> CompletableFuture.completedFuture(dense.values()),
        values -> PullDenseReply.newBuilder().setDenseRange(WireArrays.ofFloats(values)).build());
  }

  @Override
  public void reduceGradients(
      ReduceGradientsRequest message, StreamObserver<ReduceGradientsReply> observer) {
    serve(
        message,
        observer,
        () -> {
          GradientPart part = ReplicaMessages.record(message);
          return () -> {
            exchange.accept(part);
            return CompletableFuture.completedFuture(null);
          };
        },
        done -> ReduceGradientsReply.getDefaultInstance());
  }

  @Override
  public void shareValues(ShareValuesRequest message, StreamObserver<ShareValuesReply> observer) {
    serve(
        message,
        observer,
        () -> {
          RangeValues values = ReplicaMessages.record(message);
          return () -> {
            exchange.accept(values);
            return CompletableFuture.completedFuture(null);
          };
        },
        done -> ShareValuesReply.getDefaultInstance());
  }

  @Override
  public void vectors(VectorsRequest message, StreamObserver<VectorsReply> observer) {
    serve(
        message,
        observer,
        () -> {
          CompletableFuture<StoredVectors> vectors = tierService().vectors(message);
          return () -> vectors;
        },
        TierMessages::message);
  }

  @Override
  public void statistics(StatisticsRequest message, StreamObserver<StatisticsReply> observer) {
    serve(
        message,
        observer,
        () -> () -> CompletableFuture.completedFuture(statistics.get()),
        StatisticsMessages::message);
  }

  private void checkReady() {
    if (!ready.getAsBoolean()) {
      throw new DicmException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "Cannot run a step: the server is not connected to the other servers yet.");
    }
  }

  /**
   * Serves one call.
   *
   * @param read reads the message on this thread and gives the work for the compute thread
   * @param reply makes the message of the work's result
   */
  private <A, R extends MessageLite> void serve(
      MessageLite message,
      StreamObserver<R> observer,
      Supplier<Supplier<CompletableFuture<A>>> read,
      Function<A, R> reply) {
    traffic.received(message);
    ignoreCancellation(observer);
    try {
      Supplier<CompletableFuture<A>> work = read.get();
      compute.execute(() -> answerWhenDone(run(work), observer, reply));
    } catch (RejectedExecutionException e) {
      DicmException closing =
          new DicmException(
              ErrorCode.SERVICE_UNAVAILABLE, "Cannot serve the call: the server is closing.", e);
      observer.onError(CallFailures.toStatus(closing));
    } catch (RuntimeException | OutOfMemoryError e) {
      observer.onError(CallFailures.toStatus(e));
    }
  }

  /** A caller that is gone gets no answer; what it asked for counts all the same. */
  private static void ignoreCancellation(StreamObserver<?> observer) {
    ((ServerCallStreamObserver<?>) observer).setOnCancelHandler(() -> {});
  }

  private static <A> CompletableFuture<A> run(Supplier<CompletableFuture<A>> work) {
    try {
      return work.get();
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private <A, R extends MessageLite> void answerWhenDone(
      CompletableFuture<A> result, StreamObserver<R> observer, Function<A, R> reply) {
    CompletableFuture<?> unused =
        result.whenComplete(
            (answer, error) -> {
              if (error != null) {
                observer.onError(CallFailures.toStatus(error));
                return;
              }
              try {
                send(reply.apply(answer), observer);
              } catch (RuntimeException | OutOfMemoryError e) {
                observer.onError(CallFailures.toStatus(e));
              }
            });
  }

  private <R extends MessageLite> void send(R message, StreamObserver<R> observer) {
    traffic.sent(message);
    observer.onNext(message);
    observer.onCompleted();
  }
}
