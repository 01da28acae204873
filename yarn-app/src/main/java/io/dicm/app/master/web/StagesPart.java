package io.dicm.app.master.web;

import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.history.StageRecord;
import io.dicm.app.master.history.StageState;
import io.dicm.trainer.report.Markup;
import io.dicm.trainer.report.Table;
import java.util.List;

/** The stages in order: how far each is, when it began, what it took and says. */
final class StagesPart implements PagePart {
  @Override
  public String id() {
    return "stages";
  }

  @Override
  public String title() {
    return "Stages";
  }

  @Override
  public void write(Markup out, RunSnapshot run) {
    new Table(
            "Stages in the order in which they run",
            List.of("stage", "state", "done", "began", "took", "left", "says"))
        .write(out, rows -> run.stages().forEach(stage -> row(rows, stage, run)));
  }

  private static void row(Table.Rows rows, StageRecord stage, RunSnapshot run) {
    boolean running = stage.state() == StageState.RUNNING;
    long tookMs = running ? run.page().madeAtMs() - stage.startedAtMs() : stage.tookMs();
    Long leftMs = run.page().stageLeftMs();
    rows.row(
        stage.stage(),
        "",
        List.of(
            cell -> Words.state(cell, stage.state()),
            cell -> Bars.write(cell, stage.fraction(), Words.percent(stage.fraction()), false),
            cell -> cell.text(Words.moment(stage.startedAtMs())),
            cell -> cell.text(stage.startedAtMs() == 0 ? "–" : Words.duration(tookMs)),
            cell -> cell.text(running && leftMs != null ? "≈ " + Words.estimate(leftMs) : "–"),
            cell -> cell.element("bdi", stage.detail(), "class", "says")));
  }
}
