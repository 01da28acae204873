package io.dicm.app.container;

import io.dicm.app.rpc.proto.HeartbeatReply;
import io.dicm.app.rpc.proto.Order;
import java.util.List;

/** The master's orders, as they come with heartbeats. Safe for use by many threads. */
public final class Orders {
  private Order latest = Order.WAIT;
  private List<String> serverAddresses = List.of();

  /** Thrown out of a role's work when the master says stop. */
  public static final class StoppedException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** Takes an answer of the master. */
  synchronized void take(HeartbeatReply reply) {
    latest = reply.getOrder();
    if (reply.getServerAddressesCount() > 0) {
      serverAddresses = List.copyOf(reply.getServerAddressesList());
    }
    notifyAll();
  }

  /** The order that came last. */
  public synchronized Order latest() {
    return latest;
  }

  /**
   * Waits until the master gives this order. How long is the master's to decide: it fails the gang
   * when that does not start in time, and a container that hears nothing more ends itself.
   *
   * @throws StoppedException when the order is to stop
   */
  public synchronized void await(Order order) throws InterruptedException, StoppedException {
    while (latest != order) {
      if (latest == Order.STOP) {
        throw new StoppedException();
      }
      wait();
    }
  }

  /** The servers' addresses by index; there from the order to run on. */
  public synchronized List<String> serverAddresses() {
    return serverAddresses;
  }
}
