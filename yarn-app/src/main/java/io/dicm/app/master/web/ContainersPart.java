package io.dicm.app.master.web;

import io.dicm.app.master.history.ContainerRecord;
import io.dicm.app.master.history.GpuUse;
import io.dicm.app.master.history.RoleMemory;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.trainer.report.Markup;
import io.dicm.trainer.report.Numbers;
import io.dicm.trainer.report.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The containers of gangs, those that run first, and what memory each role needed. */
final class ContainersPart implements PagePart {
  private static final int MOST_SHOWN = 200;
  private static final long MIB = 1 << 20;

  @Override
  public String id() {
    return "containers";
  }

  @Override
  public String title() {
    return "Containers";
  }

  @Override
  public void write(Markup out, RunSnapshot run) {
    List<ContainerRecord> all = run.page().containers();
    if (all.isEmpty()) {
      out.element("p", "No container of training or prediction has begun.", "class", "missing");
    } else {
      containers(out, all);
    }
    if (!run.containers().isEmpty()) {
      roles(out, run.containers());
    }
  }

  private static void containers(Markup out, List<ContainerRecord> all) {
    List<ContainerRecord> shown =
        all.stream().sorted(Comparator.comparing(one -> !one.runs())).limit(MOST_SHOWN).toList();
    boolean gpus = all.stream().anyMatch(one -> one.gpus() > 0);
    List<String> columns =
        new ArrayList<>(
            List.of("container", "stage", "state", "done", "memory", "peak", "node", "logs"));
    if (gpus) {
      columns.add(columns.indexOf("node"), "GPUs");
    }
    new Table("Containers of training and prediction", columns)
        .write(out, rows -> shown.forEach(one -> row(rows, one, gpus)));
    if (shown.size() < all.size()) {
      out.element(
          "p",
          "Shown are " + shown.size() + " of " + all.size() + " containers; api/run.json has all.",
          "class",
          "note");
    }
    out.element(
        "p",
        "Memory is what is resident, of what YARN gives the container and ends it beyond; a"
            + " server’s work is done step by step with the workers’.",
        "class",
        "note");
    if (all.stream().anyMatch(one -> !one.gpuUse().isEmpty())) {
      out.element(
          "p", "A GPU’s memory and busy time are those of all processes on it.", "class", "note");
    }
  }

  private static void row(Table.Rows rows, ContainerRecord one, boolean gpus) {
    List<Markup.Content> cells = new ArrayList<>();
    cells.add(cell -> cell.text(one.stage()));
    cells.add(cell -> state(cell, one));
    cells.add(
        cell ->
            cell.text(one.total() <= 0 ? "–" : Words.percent((double) one.done() / one.total())));
    cells.add(cell -> memory(cell, one.residentBytes(), one.memoryMb()));
    cells.add(cell -> memory(cell, one.peakResidentBytes(), one.memoryMb()));
    if (gpus) {
      cells.add(cell -> gpus(cell, one));
    }
    cells.add(cell -> cell.element("bdi", one.node()));
    cells.add(cell -> logs(cell, one));
    rows.row(one.role() + " " + one.index(), "", cells);
  }

  private static void state(Markup cell, ContainerRecord one) {
    String sign = one.state().equals(ContainerRecord.FAILED) ? "✗" : one.runs() ? "●" : "○";
    Words.state(cell, sign, one.state());
    if (one.state().equals(ContainerRecord.FAILED)) {
      cell.element("bdi", one.note(), "class", "says");
    }
  }

  private static void memory(Markup cell, long bytes, int limitMb) {
    if (bytes <= 0) {
      cell.text("–");
      return;
    }
    long mb = (bytes + MIB - 1) / MIB;
    Bars.write(cell, (double) mb / limitMb, mb + " of " + limitMb + " MiB", true);
  }

  private static void gpus(Markup cell, ContainerRecord one) {
    cell.text(one.gpus() == 0 ? "–" : Integer.toString(one.gpus()));
    for (GpuUse gpu : one.gpuUse()) {
      cell.text(" ");
      Bars.write(cell, (double) gpu.usedBytes() / gpu.totalBytes(), gpu(gpu), true);
    }
  }

  private static String gpu(GpuUse gpu) {
    String memory = (gpu.usedBytes() + MIB - 1) / MIB + " of " + gpu.totalBytes() / MIB + " MiB";
    return gpu.busyPercent() == null ? memory : memory + ", " + gpu.busyPercent() + "\u00A0% busy";
  }

  /** A history is a file that others may have written: only addresses of pages become links. */
  private static void logs(Markup cell, ContainerRecord one) {
    if (one.logs().startsWith("http://") || one.logs().startsWith("https://")) {
      cell.element(
          "a",
          link -> {
            link.text("logs");
            link.element("span", " of " + one.role() + " " + one.index(), "class", "unseen");
          },
          "href",
          one.logs(),
          "rel",
          "noreferrer",
          "id",
          "logs-" + one.containerId());
    } else {
      cell.text("–");
    }
  }

  private static void roles(Markup out, List<RoleMemory> roles) {
    new Table(
            "Most memory that a process of each role had resident",
            List.of("role", "peak", "of its container", "share"))
        .write(
            out,
            rows ->
                roles.forEach(
                    role ->
                        rows.row(
                            role.role(),
                            List.of(
                                role.peakMb() + " MiB",
                                role.requestedMb() + " MiB",
                                Numbers.percent((double) role.peakMb() / role.requestedMb())))));
  }
}
