package io.dicm.ams.reduce;

import io.dicm.ams.wire.ReplicaMessages;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Exchanges of several servers in one thread. Messages go over the wire's form and wait until they
 * are delivered, in whatever order; for tests.
 */
final class ExchangeGang {
  final List<ArrayReplica> replicas = new ArrayList<>();
  final List<ReplicaExchange> exchanges = new ArrayList<>();
  private final List<Runnable> onTheWay = new ArrayList<>();
  private final List<Runnable> delivered = new ArrayList<>();
  int sent;

  ExchangeGang(int servers, int[] lengths, RoundNumbers numbers) {
    for (int server = 0; server < servers; server++) {
      ArrayReplica replica = new ArrayReplica(lengths, server, servers);
      replicas.add(replica);
      exchanges.add(
          new ReplicaExchange(server, servers, replica, new Post(server), Runnable::run, numbers));
    }
  }

  private final class Post implements PeerSender {
    private final int server;

    private Post(int server) {
      this.server = server;
    }

    @Override
    public CompletionStage<Void> sendGradients(int to, GradientPart part) {
      GradientPart copy = ReplicaMessages.record(ReplicaMessages.message(part));
      return send(() -> exchanges.get(to).accept(copy));
    }

    @Override
    public CompletionStage<Void> sendValues(RangeValues values) {
      RangeValues copy = ReplicaMessages.record(ReplicaMessages.message(values));
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int to = 0; to < exchanges.size(); to++) {
        ReplicaExchange exchange = exchanges.get(to);
        if (to != server) {
          all.add(send(() -> exchange.accept(copy)));
        }
      }
      return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> send(Runnable delivery) {
      CompletableFuture<Void> answered = new CompletableFuture<>();
      sent++;
      onTheWay.add(
          () -> {
            try {
              delivery.run();
              answered.complete(null);
            } catch (RuntimeException e) {
              answered.completeExceptionally(e);
            }
          });
      return answered;
    }
  }

  boolean isIdle() {
    return onTheWay.isEmpty();
  }

  /** Delivers one message, any of those on the way, and now and then an old one again. */
  void deliverOne(Random random) {
    Runnable message = onTheWay.remove(random.nextInt(onTheWay.size()));
    message.run();
    delivered.add(message);
    if (random.nextInt(4) == 0) {
      delivered.get(random.nextInt(delivered.size())).run();
    }
  }

  void deliverAll(Random random) {
    while (!isIdle()) {
      deliverOne(random);
    }
  }
}
