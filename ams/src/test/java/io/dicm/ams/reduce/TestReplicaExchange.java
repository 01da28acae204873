package io.dicm.ams.reduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.reduce.RangeValues.NetworkValues;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestReplicaExchange {
  /** The second one is longer than what is added up at a time, on each of four servers. */
  private static final int[] LENGTHS = {7, 20_001};

  private static final float RATE = 0.1f;
  private static final float[] NONE = {};
  private static final OptionalInt UNCHECKED = OptionalInt.empty();

  /** -1 to 1, by a generator that is fast for arrays. */
  private static float[] floats(Random random, int count) {
    SplittableRandom generator = new SplittableRandom(random.nextLong());
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (generator.nextInt() >> 7) * 0x1p-24f;
    }
    return values;
  }

  /** Every second one is empty. */
  private static List<float[]> gradients(Random random) {
    return Arrays.stream(LENGTHS)
        .mapToObj(length -> random.nextBoolean() ? floats(random, length) : NONE)
        .toList();
  }

  private static void assertEqualReplicas(ExchangeGang gang) {
    for (ArrayReplica replica : gang.replicas) {
      assertThat(Arrays.deepEquals(replica.values, gang.replicas.get(0).values)).isTrue();
    }
  }

  /** What one server would do with the sums, added up in the order of servers. */
  private static void stepWhole(ArrayReplica whole, List<List<float[]>> byServer) {
    for (int network = 0; network < LENGTHS.length; network++) {
      float[] sum = null;
      for (List<float[]> gradients : byServer) {
        float[] gradient = gradients.get(network);
        if (gradient.length > 0 && sum == null) {
          sum = gradient.clone();
        } else {
          for (int i = 0; i < gradient.length; i++) {
            sum[i] += gradient[i];
          }
        }
      }
      if (sum != null) {
        whole.update(network, sum, RATE);
        whole.put(network, 0, whole.ownValues(network));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void everyStepHasTheBitsOfOneServersStepInWhateverOrderMessagesCome(int servers) {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      ExchangeGang gang = new ExchangeGang(servers, LENGTHS, RoundNumbers.ordered(5));
      ArrayReplica whole = new ArrayReplica(LENGTHS, 0, 1);
      for (long step = 5; step < 15; step++) {
        List<List<float[]>> byServer = new ArrayList<>();
        for (int server = 0; server < servers; server++) {
          byServer.add(gradients(random));
        }
        stepWhole(whole, byServer);
        List<CompletableFuture<Void>> done = beginInAnyOrder(gang, random, step, byServer);
        gang.deliverAll(random);
        assertThat(done).allMatch(one -> one.isDone() && !one.isCompletedExceptionally());
        assertEqualReplicas(gang);
        assertThat(Arrays.deepEquals(gang.replicas.get(0).values, whole.values)).isTrue();
        assertThat(gang.exchanges).allMatch(ReplicaExchange::isQuiet);
      }
    }
  }

  /** Servers begin one after another, and what is on the way is delivered in between. */
  private static List<CompletableFuture<Void>> beginInAnyOrder(
      ExchangeGang gang, Random random, long step, List<List<float[]>> byServer) {
    List<CompletableFuture<Void>> done = new ArrayList<>();
    for (int server : shuffled(byServer.size(), random)) {
      while (!gang.isIdle() && random.nextBoolean()) {
        gang.deliverOne(random);
      }
      List<float[]> own = byServer.get(server).stream().map(float[]::clone).toList();
      done.add(gang.exchanges.get(server).step(step, own, RATE).toCompletableFuture());
      // The gradients' memory is the next step's.
      own.forEach(gradient -> Arrays.fill(gradient, Float.NaN));
    }
    return done;
  }

  private static List<Integer> shuffled(int count, Random random) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(i);
    }
    Collections.shuffle(numbers, random);
    return numbers;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void roundsOfSeveralWorkersInAnyOrderEndInEqualReplicas(int servers) {
    int workers = 3;
    int steps = 8;
    int roundsOfAServer = workers * steps;
    RoundNumbers numbers = new RoundNumbers(List.of(0L, 4L, 9L));
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      ExchangeGang gang = new ExchangeGang(servers, LENGTHS, numbers);
      long[][] next = new long[servers][];
      CompletableFuture<?>[][] running = new CompletableFuture<?>[servers][workers];
      for (int server = 0; server < servers; server++) {
        next[server] = numbers.firstSteps().stream().mapToLong(step -> step).toArray();
        Arrays.fill(running[server], CompletableFuture.completedFuture(null));
      }
      boolean sawDifferent = false;
      int begun = 0;
      while (begun < servers * roundsOfAServer || !gang.isIdle()) {
        int server = random.nextInt(servers);
        int lane = random.nextInt(workers);
        long step = next[server][lane];
        boolean stepsLeft = step < numbers.firstSteps().get(lane) + steps;
        if (stepsLeft && running[server][lane].isDone() && random.nextBoolean()) {
          next[server][lane]++;
          begun++;
          running[server][lane] =
              gang.exchanges
                  .get(server)
                  .step(numbers.round(lane, step), fullGradients(random), RATE)
                  .toCompletableFuture();
        } else if (!gang.isIdle()) {
          gang.deliverOne(random);
          sawDifferent |=
              !Arrays.deepEquals(gang.replicas.get(0).values, gang.replicas.get(1).values);
        }
      }
      assertThat(sawDifferent).isTrue();
      assertThat(gang.exchanges).allMatch(ReplicaExchange::isQuiet);
      assertEqualReplicas(gang);
      assertThat(gang.replicas)
          .allMatch(replica -> replica.updates(0) == roundsOfAServer)
          .allMatch(replica -> replica.updates(1) == roundsOfAServer);
    }
  }

  private static List<float[]> fullGradients(Random random) {
    return Arrays.stream(LENGTHS).mapToObj(length -> floats(random, length)).toList();
  }

  @Test
  void oneServerSendsNothing() {
    ExchangeGang gang = new ExchangeGang(1, LENGTHS, RoundNumbers.ordered(0));
    float[] before = gang.replicas.get(0).values[0].clone();
    CompletionStage<Void> done =
        gang.exchanges.get(0).step(0, List.of(new float[] {1, 1, 1, 1, 1, 1, 1}, NONE), RATE);
    assertThat(done.toCompletableFuture()).isCompleted();
    assertThat(gang.sent).isZero();
    assertThat(gang.replicas.get(0).values[0]).isNotEqualTo(before);
    assertThat(gang.replicas.get(0).updates(0)).isEqualTo(1);
    assertThat(gang.replicas.get(0).updates(1)).isZero();
  }

  /** Each sends the others' ranges of its gradient and its own range's values to each other. */
  @Test
  void sendsRangesAlone() {
    List<Integer> sentFloats = new ArrayList<>();
    PeerSender counting =
        new PeerSender() {
          @Override
          public CompletionStage<Void> sendGradients(int to, GradientPart part) {
            part.networkGradients().forEach(gradient -> sentFloats.add(gradient.remaining()));
            return CompletableFuture.completedFuture(null);
          }

          @Override
          public CompletionStage<Void> sendValues(RangeValues values) {
            values.networks().forEach(network -> sentFloats.add(network.values().remaining()));
            return CompletableFuture.completedFuture(null);
          }
        };
    ReplicaExchange exchange =
        new ReplicaExchange(
            1,
            2,
            new ArrayReplica(LENGTHS, 1, 2),
            counting,
            Runnable::run,
            new RoundNumbers(List.of(0L, 0L)));
    CompletionStage<Void> done = exchange.step(0, List.of(new float[7], NONE), RATE);
    exchange.accept(new GradientPart(0, 0, buffers(4, 0), UNCHECKED));
    assertThat(sentFloats).containsExactly(3, 0, 4, 0);
    assertThat(done.toCompletableFuture()).isNotDone();
    exchange.accept(values(0, 0, 1, 3, 0));
    assertThat(done.toCompletableFuture()).isCompleted();
  }

  private static List<FloatBuffer> buffers(int... lengths) {
    return Arrays.stream(lengths).mapToObj(FloatBuffer::allocate).toList();
  }

  private static RangeValues values(int server, long round, long version, int... lengths) {
    return new RangeValues(
        server,
        round,
        buffers(lengths).stream().map(buffer -> new NetworkValues(version, buffer)).toList());
  }

  @Test
  void aReplicaNeverGoesBackToOlderValues() {
    RoundNumbers numbers = new RoundNumbers(List.of(0L, 0L));
    ArrayReplica replica = new ArrayReplica(LENGTHS, 1, 2);
    ReplicaExchange exchange =
        new ReplicaExchange(1, 2, replica, new SendingNowhere(), Runnable::run, numbers);
    for (int lane = 0; lane < 2; lane++) {
      exchange.step(numbers.round(lane, 0), List.of(NONE, NONE), RATE);
      exchange.accept(new GradientPart(0, numbers.round(lane, 0), buffers(0, 0), UNCHECKED));
    }
    exchange.accept(constant(numbers.round(1, 0), 2, 20));
    assertThat(replica.values[0]).startsWith(20, 20, 20);
    exchange.accept(constant(numbers.round(0, 0), 1, 10));
    assertThat(replica.values[0]).startsWith(20, 20, 20);
    assertThat(exchange.isQuiet()).isTrue();
  }

  private static RangeValues constant(long round, long version, float value) {
    NetworkValues first =
        new NetworkValues(version, FloatBuffer.wrap(new float[] {value, value, value}));
    return new RangeValues(0, round, List.of(first, new NetworkValues(0, FloatBuffer.allocate(0))));
  }

  /** Accepts everything and delivers nothing. */
  private static final class SendingNowhere implements PeerSender {
    @Override
    public CompletionStage<Void> sendGradients(int to, GradientPart part) {
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Void> sendValues(RangeValues values) {
      return new CompletableFuture<>();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aReplicaThatDiffersFailsAllServersBeforeTheStepIsMade(int corrupted) {
    Random random = new Random(1);
    ExchangeGang gang = new ExchangeGang(3, LENGTHS, RoundNumbers.ordered(0));
    List<List<float[]>> gradients =
        List.of(fullGradients(random), fullGradients(random), fullGradients(random));
    assertThat(beginInAnyOrder(gang, random, 0, gradients)).isNotEmpty();
    gang.deliverAll(random);
    float[] values = gang.replicas.get(corrupted).values[1];
    values[12_345] = Float.intBitsToFloat(Float.floatToRawIntBits(values[12_345]) ^ 1);

    List<CompletableFuture<Void>> done = beginInAnyOrder(gang, random, 1, gradients);
    gang.deliverAll(random);

    for (CompletableFuture<Void> one : done) {
      assertThatThrownBy(one::join)
          .cause()
          .isInstanceOfSatisfying(
              DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
          .hasMessageMatching(
              "Cannot make step 1: before it the sub-model of server \\d had the CRC-32C"
                  + " [0-9a-f]{8}, that of server \\d [0-9a-f]{8}\\. Train again, .*")
          .hasMessageContaining("server " + corrupted);
    }
    for (int server = 0; server < 3; server++) {
      assertThat(gang.replicas.get(server).updates(1)).isEqualTo(1);
      ReplicaExchange exchange = gang.exchanges.get(server);
      assertThat(exchange.step(2, gradients.get(0), RATE).toCompletableFuture())
          .isCompletedExceptionally();
      GradientPart next = new GradientPart((server + 1) % 3, 2, List.of(), UNCHECKED);
      assertThatThrownBy(() -> exchange.accept(next)).hasMessageStartingWith("Cannot make step 1:");
    }
  }

  @Test
  void aMessageThatCannotBeSentFailsOpenRoundsAndLaterCalls() {
    DicmException unreachable = new DicmException(ErrorCode.SERVICE_UNAVAILABLE, "Cannot send.");
    PeerSender failing =
        new PeerSender() {
          @Override
          public CompletionStage<Void> sendGradients(int to, GradientPart part) {
            return CompletableFuture.failedFuture(unreachable);
          }

          @Override
          public CompletionStage<Void> sendValues(RangeValues values) {
            throw new AssertionError("no part can have come");
          }
        };
    List<Runnable> onTheThread = new ArrayList<>();
    ReplicaExchange exchange =
        new ReplicaExchange(
            0,
            2,
            new ArrayReplica(LENGTHS, 0, 2),
            failing,
            onTheThread::add,
            RoundNumbers.ordered(0));
    CompletableFuture<Void> done =
        exchange.step(0, List.of(NONE, NONE), RATE).toCompletableFuture();
    assertThat(done).as("nothing happens on another thread").isNotDone();
    onTheThread.forEach(Runnable::run);
    assertThatThrownBy(done::join).hasCause(unreachable);
    assertThatThrownBy(exchange.step(1, List.of(NONE, NONE), RATE).toCompletableFuture()::join)
        .hasCause(unreachable);
    assertThatThrownBy(() -> exchange.accept(values(1, 0, 1, 4, 0))).isSameAs(unreachable);
  }

  @Test
  void refusesWhatCannotBeRight() {
    ReplicaExchange exchange =
        new ReplicaExchange(
            0,
            2,
            new ArrayReplica(LENGTHS, 0, 2),
            new SendingNowhere(),
            Runnable::run,
            RoundNumbers.ordered(3));
    assertRefused(
        () -> exchange.accept(new GradientPart(2, 3, buffers(3, 0), UNCHECKED)),
        "server 2: there are servers 0..1 and this one is 0.");
    assertRefused(
        () -> exchange.accept(new GradientPart(0, 3, buffers(3, 0), UNCHECKED)),
        "server 0: there are servers 0..1 and this one is 0.");
    assertRefused(
        () -> exchange.accept(new GradientPart(1, 3, buffers(4, 0), UNCHECKED)),
        "server 1: its lengths are [4, 0], needed [3, 10000].");
    assertRefused(
        () -> exchange.accept(new GradientPart(1, 3, buffers(3), UNCHECKED)),
        "server 1: its lengths are [3], needed [3, 10000].");
    assertRefused(
        () -> exchange.accept(new GradientPart(1, 2, buffers(0, 0), UNCHECKED)),
        "server 1: it is of step 2, the first one here is step 3.");
    assertRefused(
        () -> exchange.accept(new GradientPart(1, 4, buffers(0, 0), UNCHECKED)),
        "server 1: it is of step 4, this server comes to step 3.");
    assertRefused(
        () -> exchange.accept(new GradientPart(1, Long.MIN_VALUE, buffers(0, 0), UNCHECKED)),
        "server 1: it is of step -9223372036854775808, the first one here is step 3.");
    assertRefused(
        () -> exchange.accept(values(1, 3, 1, 4, 0)),
        "server 1: it has values of step 3, which has not begun here.");
    assertRefused(
        () -> exchange.accept(values(1, 3, 1, 3, 0)),
        "server 1: its lengths are [3, 0], needed [4, 10001].");
    assertThatThrownBy(() -> exchange.step(4, List.of(NONE, NONE), RATE))
        .hasMessage("Cannot begin step 4: next is step 3");
    exchange.step(3, List.of(NONE, NONE), RATE);
    assertThatThrownBy(() -> exchange.step(4, List.of(NONE, NONE), RATE))
        .hasMessage("Cannot begin step 4: next is step 4, once the one before is complete");
    assertRefused(
        () -> exchange.accept(new GradientPart(1, 5, buffers(0, 0), UNCHECKED)),
        "server 1: it is of step 5, this server comes to step 4.");
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .hasMessage("Cannot take the sub-model's message of " + message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INTERNAL);
  }

  @Test
  void roundsAreNumberedByStepAndLane() {
    RoundNumbers numbers = new RoundNumbers(List.of(0L, 4L, 9L));
    for (int lane = 0; lane < 3; lane++) {
      long round = numbers.round(lane, 17);
      assertThat(numbers.lane(round)).isEqualTo(lane);
      assertThat(numbers.step(round)).isEqualTo(17);
    }
    assertThat(numbers.name(numbers.round(1, 17))).isEqualTo("step 17 of worker 1 (round 52)");
    assertThat(RoundNumbers.ordered(3).round(0, 8)).isEqualTo(8);
    assertThatThrownBy(() -> numbers.round(0, Long.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
  }
}
