package io.dicm.ams.client;

import com.google.common.util.concurrent.ListenableFuture;
import io.dicm.ams.dense.DenseRange;
import io.dicm.ams.proto.AdvancedModelServerGrpc;
import io.dicm.ams.proto.AdvancedModelServerGrpc.AdvancedModelServerFutureStub;
import io.dicm.ams.proto.ForwardReply;
import io.dicm.ams.proto.JoinReply;
import io.dicm.ams.proto.JoinRequest;
import io.dicm.ams.proto.LeaveRequest;
import io.dicm.ams.proto.PullDenseReply;
import io.dicm.ams.proto.PullDenseRequest;
import io.dicm.ams.tier.TierSplit;
import io.dicm.ams.wire.CallHeaders;
import io.dicm.ams.wire.Channels;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.ams.wire.StepMessages;
import io.dicm.ams.wire.Transport;
import io.dicm.ams.wire.WireArrays;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.security.ApplicationSecret;
import io.grpc.ManagedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * {@link AmsClient} over gRPC: one call to each server, all at a time, for each half of a step. A
 * server that cannot be reached is tried again a few times: servers answer a repeated call the
 * same.
 */
public final class GrpcAmsClient implements AmsClient {
  /** Waited beyond the calls' own deadline, so that theirs is the one that is reported. */
  private static final long GRACE_MS = 5_000;

  private final int worker;
  private final long timeoutMs;
  private final RowPrecision precision;
  private final List<ManagedChannel> channels;
  private int denseLength;
  private int imageRowLength;
  private int imageGradientLength;

  /** Length of an ID's row: its embedding and its weights. */
  private int embeddingDimension;

  /** How the keys of steps that were asked for are split, until their gradients are sent. */
  private final Map<Long, SplitRequest> openSteps = new HashMap<>();

  /** Without encryption; for the rest as the other constructor. */
  public GrpcAmsClient(
      int worker,
      List<String> hostPorts,
      ApplicationSecret secret,
      long epoch,
      long timeoutMs,
      RowPrecision precision) {
    this(
        worker, hostPorts, new CallHeaders(secret, epoch), Transport.plain(), timeoutMs, precision);
  }

  /**
   * @param worker this worker's index
   * @param hostPorts {@code host:port} of all servers, in the order of their indices
   * @param headers of every call
   * @param transport as the servers have it
   * @param timeoutMs longest time of one call; more than the servers' window timeout, so that their
   *     reason is heard
   * @param precision of codes, embeddings and their gradients on the way
   */
  public GrpcAmsClient(
      int worker,
      List<String> hostPorts,
      CallHeaders headers,
      Transport transport,
      long timeoutMs,
      RowPrecision precision) {
    this.worker = worker;
    this.precision = precision;
    this.timeoutMs = timeoutMs;
    this.channels =
        hostPorts.stream().map(hostPort -> Channels.open(hostPort, headers, transport)).toList();
  }

  private record SplitRequest(
      long step, KeySplit ads, KeySplit behaviors, KeySplit ids, TierSplit tiers) {
    StepRequest to(int server) {
      return new StepRequest(
          step,
          ads.keysOf(server),
          behaviors.keysOf(server),
          ids.keysOf(server),
          tiers.part(server));
    }
  }

  @Override
  public Welcome join(float[] initialDense, int statistics) {
    denseLength = initialDense.length;
    List<JoinReply> replies =
        all(
            "join the servers",
            server -> stub(server).join(joinRequest(server, initialDense, statistics)));
    JoinReply reply = replies.get(0);
    for (int server = 1; server < replies.size(); server++) {
      checkSame(reply, server, replies.get(server));
    }
    imageRowLength = reply.getImageRowLength();
    imageGradientLength = reply.getImageGradientLength();
    embeddingDimension = reply.getEmbeddingDimension();
    return new Welcome(reply.getFirstStep(), reply.getStepsAhead());
  }

  private static void checkSame(JoinReply first, int server, JoinReply other) {
    if (!other.equals(first)) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot join the servers: server 0 begins with step "
              + first.getFirstStep()
              + " and rows of "
              + first.getImageRowLength()
              + " and "
              + first.getEmbeddingDimension()
              + " values, server "
              + server
              + " with step "
              + other.getFirstStep()
              + " and rows of "
              + other.getImageRowLength()
              + " and "
              + other.getEmbeddingDimension()
              + ". All must go on from the same checkpoint with the same settings.");
    }
  }

  private JoinRequest joinRequest(int server, float[] initialDense, int statistics) {
    DenseRange range = rangeOf(server);
    return JoinRequest.newBuilder()
        .setWorker(worker)
        .setDenseLength(denseLength)
        .setDenseRange(WireArrays.ofFloats(initialDense, range.from(), range.length()))
        .setDenseStatistics(statistics)
        .build();
  }

  @Override
  public Answer<StepInputs> ask(StepRequest request) {
    SplitRequest split =
        new SplitRequest(
            request.step(),
            KeySplit.of(request.adImageKeys(), channels.size()),
            KeySplit.of(request.behaviorImageKeys(), channels.size()),
            KeySplit.of(request.idKeys(), channels.size()),
            TierSplit.of(request.tiers(), channels.size()));
    openSteps.put(request.step(), split);
    return start(
        "run step " + request.step() + " forward",
        server -> stub(server).forward(StepMessages.message(worker, split.to(server), precision)),
        replies -> joined(split, replies));
  }

  private StepInputs joined(SplitRequest split, List<ForwardReply> replies) {
    int codes = imageRowLength;
    StepInputs all =
        new StepInputs(
            split.ads.allRows(codes),
            split.behaviors.allRows(codes),
            split.ids.allRows(embeddingDimension),
            new float[denseLength],
            split.tiers.noCounts());
    for (int server = 0; server < replies.size(); server++) {
      StepInputs part = StepMessages.record(replies.get(server), precision);
      split.ads.join(server, part.adCodes(), all.adCodes(), codes);
      split.behaviors.join(server, part.behaviorCodes(), all.behaviorCodes(), codes);
      split.ids.join(server, part.idEmbeddings(), all.idEmbeddings(), embeddingDimension);
      copyRange(server, part.dense(), all.dense());
      split.tiers.add(server, part.tierCounts(), all.tierCounts());
    }
    return all;
  }

  @Override
  public Answer<Void> send(StepGradients gradients) {
    SplitRequest split = openSteps.remove(gradients.step());
    if (split == null) {
      throw new IllegalStateException("Gradients of a step that was not asked for");
    }
    return start(
        "run step " + gradients.step() + " backward",
        server ->
            stub(server)
                .backward(StepMessages.message(worker, part(split, server, gradients), precision)),
        replies -> null);
  }

  private StepGradients part(SplitRequest split, int server, StepGradients all) {
    int codes = imageGradientLength;
    DenseRange range = rangeOf(server);
    return new StepGradients(
        all.step(),
        all.impressions(),
        split.ads.part(server, all.adCodes(), codes),
        split.behaviors.part(server, all.behaviorCodes(), codes),
        split.ids.part(server, all.idEmbeddings(), embeddingDimension),
        Arrays.copyOfRange(all.dense(), range.from(), range.to()),
        all.phase());
  }

  @Override
  public void leave(long nextStep) {
    LeaveRequest request =
        LeaveRequest.newBuilder().setWorker(worker).setNextStep(nextStep).build();
    all("leave the servers", server -> stub(server).leave(request));
  }

  @Override
  public float[] dense() {
    List<PullDenseReply> replies =
        all(
            "pull the dense parameters",
            server -> stub(server).pullDense(PullDenseRequest.getDefaultInstance()));
    float[] dense = new float[denseLength];
    for (int server = 0; server < replies.size(); server++) {
      float[] range = WireArrays.floats(replies.get(server).getDenseRange(), "dense_range");
      copyRange(server, range, dense);
    }
    return dense;
  }

  private void copyRange(int server, float[] part, float[] dense) {
    DenseRange range = rangeOf(server);
    System.arraycopy(part, 0, dense, range.from(), range.length());
  }

  private DenseRange rangeOf(int server) {
    return DenseRange.of(denseLength, server, channels.size());
  }

  private AdvancedModelServerFutureStub stub(int server) {
    return AdvancedModelServerGrpc.newFutureStub(channels.get(server))
        .withDeadlineAfter(timeoutMs, TimeUnit.MILLISECONDS)
        .withMaxOutboundMessageSize(Channels.MAX_MESSAGE_BYTES);
  }

  /** Calls all servers at a time and waits for all. */
  private <R> List<R> all(String what, IntFunction<ListenableFuture<R>> call) {
    return start(what, call, replies -> replies).await();
  }

  private <R, A> Answer<A> start(
      String what, IntFunction<ListenableFuture<R>> call, Function<List<R>, A> join) {
    List<ListenableFuture<R>> calls = new ArrayList<>();
    for (int server = 0; server < channels.size(); server++) {
      calls.add(call.apply(server));
    }
    return new ServerCalls<>(what, calls, join, timeoutMs + GRACE_MS);
  }

  @Override
  public void close() {
    Channels.close(channels);
  }
}
