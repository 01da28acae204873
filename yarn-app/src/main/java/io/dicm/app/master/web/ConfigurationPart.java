package io.dicm.app.master.web;

import io.dicm.app.master.history.RunSnapshot;
import io.dicm.trainer.report.Markup;
import io.dicm.trainer.report.Table;
import java.util.List;

/** The application's configuration by key; secrets were masked when it was taken. */
final class ConfigurationPart implements PagePart {
  @Override
  public String id() {
    return "configuration";
  }

  @Override
  public String title() {
    return "Configuration";
  }

  @Override
  public void write(Markup out, RunSnapshot run) {
    if (run.page().configuration().isEmpty()) {
      out.element("p", "The history has no configuration.", "class", "missing");
      return;
    }
    new Table("DICM’s keys and their values, defaults included", List.of("key", "value"))
        .write(
            out,
            rows ->
                run.page()
                    .configuration()
                    .forEach(
                        (key, value) ->
                            rows.row(
                                key,
                                "setting",
                                List.of(cell -> cell.element("bdi", value, "class", "says")))));
  }
}
