package io.dicm.app.bench;

import io.dicm.app.bench.BenchReport.Figure;
import io.dicm.app.bench.BenchReport.Limit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A {@link BenchReport} for programs. */
public final class ReportFields {
  private final BenchReport report;

  public ReportFields(BenchReport report) {
    this.report = report;
  }

  /** For JSON: {@code part, machine, settings, figures, limits, notes}. */
  public Map<String, Object> nested() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("part", report.part());
    fields.put("machine", machine());
    fields.put("settings", report.settings());
    fields.put("figures", report.figures().stream().map(ReportFields::figure).toList());
    fields.put("limits", report.limits().stream().map(ReportFields::limit).toList());
    fields.put("notes", report.notes());
    return fields;
  }

  /** For properties: settings and figures by their names, all else with what it is in front. */
  public Map<String, Object> flat() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("part", report.part());
    machine().forEach((name, value) -> fields.put("machine." + name, value));
    fields.putAll(report.settings());
    report.figures().forEach(figure -> fields.put(figure.key(), number(figure.value())));
    for (Limit limit : report.limits()) {
      String prefix = "limit." + limit.name() + ".";
      fields.put(prefix + "measured", number(limit.measured()));
      fields.put(prefix + "reached", number(limit.reached()));
      fields.put(prefix + "fraction", number(limit.fraction()));
    }
    List<String> notes = report.notes();
    for (int i = 0; i < notes.size(); i++) {
      fields.put("note." + i, notes.get(i));
    }
    return fields;
  }

  private Map<String, Object> machine() {
    Machine machine = report.machine();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("processor", machine.processor());
    fields.put("processors", machine.processors());
    fields.put("memory_mib", machine.memoryMib());
    fields.put("java", machine.java());
    fields.put("libtorch", machine.libtorch());
    fields.put("gpu", machine.gpu());
    return fields;
  }

  private static Map<String, Object> figure(Figure figure) {
    return Map.of("name", figure.key(), "value", number(figure.value()), "unit", figure.unit());
  }

  private static Map<String, Object> limit(Limit limit) {
    return Map.of(
        "name", limit.name(),
        "unit", limit.unit(),
        "measured", number(limit.measured()),
        "reached", number(limit.reached()),
        "fraction", number(limit.fraction()));
  }

  /** Whole numbers without a point. */
  private static Object number(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
    return whole ? (Object) (long) value : (Object) value;
  }
}
