package io.dicm.app.plan;

import org.apache.hadoop.yarn.api.records.QueueInfo;

/**
 * What the resource manager says of itself.
 *
 * @param size all nodes together
 * @param largest container that it gives
 * @param queue name of the queue
 * @param queueShare of its parent's capacity that the queue is sure of, 0 to 1
 * @param queueMost of its parent's capacity that the queue may have, 0 to 1
 */
public record ClusterView(
    ClusterSize size, ContainerSize largest, String queue, double queueShare, double queueMost) {
  /** With a queue as YARN describes it. */
  public static ClusterView of(ClusterSize size, ContainerSize largest, QueueInfo queue) {
    return new ClusterView(
        size,
        largest,
        queue.getQueueName(),
        queue.getCapacity(),
        // The scheduler says nothing below 0 where there is no limit.
        queue.getMaximumCapacity() < 0 ? 1 : queue.getMaximumCapacity());
  }
}
