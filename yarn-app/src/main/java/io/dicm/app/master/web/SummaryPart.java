package io.dicm.app.master.web;

import io.dicm.app.master.history.CurvePoint;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.history.StageRecord;
import io.dicm.app.master.history.StageState;
import io.dicm.trainer.report.Markup;
import io.dicm.trainer.report.Numbers;
import java.util.List;

/** How far the run is, in a few large figures, and why it failed. */
final class SummaryPart implements PagePart {
  @Override
  public String id() {
    return "summary";
  }

  @Override
  public String title() {
    return "Summary";
  }

  @Override
  public void write(Markup out, RunSnapshot run) {
    for (StageRecord stage : run.stages()) {
      if (stage.state() == StageState.FAILED) {
        out.element(
            "p", "Stage " + stage.stage() + " failed. " + stage.detail(), "class", "notice");
      }
    }
    out.element("dl", list -> cards(list, run), "class", "headlines");
  }

  private static void cards(Markup list, RunSnapshot run) {
    card(list, "State", value -> Words.state(value, run.outcome()));
    card(list, "Done", value -> value.text(Words.percent(run.progress())));
    if (run.attempt() > 1) {
      card(list, "Master's attempt", value -> value.text(Integer.toString(run.attempt())));
    }
    card(list, "Time so far", value -> value.text(Words.duration(tookMs(run))));
    run.stages().stream()
        .filter(stage -> stage.state() == StageState.RUNNING)
        .findFirst()
        .ifPresent(
            stage ->
                card(
                    list,
                    "Left of " + stage.stage(),
                    value -> value.text(left(run.page().stageLeftMs()))));
    List<CurvePoint> curve = run.page().curve();
    if (!curve.isEmpty()) {
      measures(list, curve.get(curve.size() - 1));
    }
  }

  private static void measures(Markup list, CurvePoint now) {
    if (now.loss() != null) {
      card(list, "Loss, nats", value -> value.text(Numbers.metric(now.loss())));
    }
    if (now.gauc() != null) {
      card(list, "Training GAUC", value -> value.text(Numbers.metric(now.gauc())));
    }
    if (now.imageBytes() > 0) {
      card(list, "Bytes saved", value -> value.text(Numbers.bytes(now.savedBytes())));
    }
  }

  private static String left(Long leftMs) {
    return leftMs == null ? "not known yet" : "≈\u00A0" + Words.estimate(leftMs);
  }

  /** The stages' own time: between applications of one run may be days. */
  private static long tookMs(RunSnapshot run) {
    return run.stages().stream()
        .mapToLong(
            stage ->
                stage.state() == StageState.RUNNING
                    ? run.page().madeAtMs() - stage.startedAtMs()
                    : stage.tookMs())
        .sum();
  }

  private static void card(Markup list, String label, Markup.Content value) {
    list.element(
        "div",
        card -> {
          card.element("dt", label);
          card.element("dd", value, "class", "value");
        });
  }
}
