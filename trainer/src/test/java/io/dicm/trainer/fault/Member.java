package io.dicm.trainer.fault;

import io.dicm.common.security.ApplicationSecret;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The supervisor's hold on one server or worker of an epoch. For many threads. */
final class Member {
  private final Role role;
  private final int index;
  private final Events events;
  private final JavaProcess process;
  private volatile String failureCode = "";
  private volatile boolean paused;
  private volatile boolean wasPaused;

  /** Starts the process and gives it the secret. */
  Member(
      FaultSettings settings,
      Role role,
      int index,
      long epoch,
      long checkpoint,
      ApplicationSecret secret,
      Events events)
      throws IOException {
    this.role = role;
    this.index = index;
    this.events = events;
    String name = "epoch-" + epoch + "-" + role + "-" + index;
    List<String> arguments = new ArrayList<>(settings.arguments());
    arguments.addAll(
        List.of(
            role.name(), Integer.toString(index), Long.toString(epoch), Long.toString(checkpoint)));
    this.process =
        JavaProcess.start(
            name,
            MemberMain.class,
            arguments,
            settings.directory().resolve(name + "-" + System.nanoTime() + ".log"),
            this::heard);
    process.tell(HexFormat.of().formatHex(secret.bytes()));
    CompletableFuture<?> unused =
        process
            .exit()
            .thenAccept(code -> events.add(new Events.Event(this, Word.EXITED, "" + code)));
  }

  private void heard(String line) {
    int space = line.indexOf(' ');
    String value = line.substring(space + 1);
    Word word = Word.valueOf(line.substring(0, space));
    if (word == Word.FAILED) {
      failureCode = value.substring(0, value.indexOf(' '));
    }
    events.add(new Events.Event(this, word, value));
  }

  Role role() {
    return role;
  }

  int index() {
    return index;
  }

  JavaProcess process() {
    return process;
  }

  /** The code of the error that it ended with; empty when it said none. */
  String failureCode() {
    return failureCode;
  }

  /** Stops it where it is. */
  void pause() throws IOException, InterruptedException {
    paused = true;
    wasPaused = true;
    process.pause();
  }

  /** Lets it go on. */
  void resume() throws IOException, InterruptedException {
    process.resume();
    paused = false;
  }

  boolean isPaused() {
    return paused;
  }

  boolean wasPaused() {
    return wasPaused;
  }

  @Override
  public String toString() {
    return process.toString();
  }
}
