package io.dicm.app.cli;

import io.dicm.app.ablation.AblationPlace;
import io.dicm.app.pipeline.StageName;
import io.dicm.trainer.ablation.AblationPlan;
import io.dicm.trainer.ablation.PlannedRun;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The runs of an ablation with their settings, for {@code --dry-run}. */
record AblationPlanText(AblationPlan plan, AblationPlace place) {
  private static final String CLIENT = "made by the client";

  /** A line for each run, and one for each of its settings. */
  String lines() {
    return plan.runs().stream().map(this::lines).collect(Collectors.joining());
  }

  private String lines(PlannedRun run) {
    String stages = StageName.labels(place.stages(run));
    return "%s (%s)%n".formatted(run.name(), stages.isEmpty() ? CLIENT : stages)
        + new TreeMap<>(run.settings())
            .entrySet().stream()
                .filter(setting -> !setting.getValue().isEmpty())
                .map(setting -> "  " + setting.getKey() + "=" + setting.getValue() + "\n")
                .collect(Collectors.joining());
  }
}
