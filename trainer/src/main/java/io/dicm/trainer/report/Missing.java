package io.dicm.trainer.report;

import java.util.function.Consumer;

/** Says what a page does not show, and why. */
final class Missing {
  private Missing() {}

  /** Writes a part, or the sentence that stands for it. */
  static <T> void or(Markup out, Part<T> part, Consumer<T> writer) {
    if (part instanceof Part.Present<T> present) {
      writer.accept(present.value());
    } else {
      say(out, ((Part.Absent<T>) part).why());
    }
  }

  /** Writes a sentence. */
  static void say(Markup out, String sentence) {
    out.element("p", sentence, "class", "missing");
  }
}
