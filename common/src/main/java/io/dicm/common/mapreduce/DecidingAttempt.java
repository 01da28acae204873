package io.dicm.common.mapreduce;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskCompletionEvent;
import org.apache.hadoop.mapreduce.TaskCompletionEvent.Status;
import org.apache.hadoop.mapreduce.TaskID;

/** Finds, among a failed job's events, the attempt by which it failed. */
final class DecidingAttempt {
  private DecidingAttempt() {}

  /**
   * The attempt after which MapReduce gave a task up. The history server, which answers once the
   * job's master is gone, does not know which one that was: then the first failed attempt of a task
   * that no other attempt finished, since a failure that a second attempt made good is none.
   *
   * @param events in the order in which they happened
   * @return empty when no task failed, such as when the job could not be set up
   */
  static Optional<TaskAttemptID> of(List<TaskCompletionEvent> events) {
    Set<TaskID> finished =
        events.stream()
            .filter(event -> event.getStatus() == Status.SUCCEEDED)
            .map(event -> event.getTaskAttemptId().getTaskID())
            .collect(Collectors.toUnmodifiableSet());
    return first(events, event -> event.getStatus() == Status.TIPFAILED)
        .or(
            () ->
                first(
                    events,
                    event ->
                        event.getStatus() == Status.FAILED
                            && !finished.contains(event.getTaskAttemptId().getTaskID())));
  }

  private static Optional<TaskAttemptID> first(
      List<TaskCompletionEvent> events, Predicate<TaskCompletionEvent> condition) {
    return events.stream().filter(condition).map(TaskCompletionEvent::getTaskAttemptId).findFirst();
  }
}
