package io.dicm.app.cli;

import io.dicm.app.plan.ServingPlan;
import io.dicm.app.plan.ServingPlan.Way;
import java.util.Map;

/** How images will reach the workers, in words and in values. */
record ServingText(ServingPlan plan) {
  /** Adds values by key, for programs. */
  void addTo(Map<String, String> values, String prefix) {
    values.put(prefix + "sub_model", plan.chosen().decision().shape().toString());
    put(values, prefix + "vector_dimension", plan.chosen().decision().inputDimension());
    put(values, prefix + "code_dimension", plan.chosen().decision().codeDimension());
    values.put(prefix + "reason", plan.chosen().decision().reason());
    plan.imagesOfStep()
        .ifPresent(images -> put(values, prefix + "images_per_step", Math.round(images)));
    addWay(values, prefix, plan.chosen());
    values.put(prefix + "otherwise.sub_model", plan.otherwise().decision().shape().toString());
    addWay(values, prefix + "otherwise.", plan.otherwise());
  }

  private void addWay(Map<String, String> values, String prefix, Way way) {
    put(values, prefix + "bytes_per_image", way.decision().bytesOfImage());
    plan.imagesOfStep()
        .ifPresent(
            images ->
                put(values, prefix + "image_bytes_per_step", Math.round(way.imageBytes(images))));
    put(values, prefix + "exchange_bytes_per_step", Math.round(way.exchangeBytes()));
    put(values, prefix + "server_sub_model_bytes", way.serverBytes());
  }

  private static void put(Map<String, String> values, String key, long value) {
    values.put(key, Long.toString(value));
  }

  /** Adds lines for people. */
  void addTo(StringBuilder text) {
    text.append(plan.chosen().decision().reason()).append('\n');
    plan.imagesOfStep()
        .ifPresentOrElse(
            images ->
                text.append(
                    "  A step of at most %s different images: %s; otherwise %s.%n"
                        .formatted(
                            Quantity.of(images),
                            described(plan.chosen(), images),
                            described(plan.otherwise(), images))),
            () ->
                text.append(
                    "  How many images a step has is known once there are samples; keeping the sub-model equal takes %sB of each.%n"
                        .formatted(Quantity.of(plan.chosen().exchangeBytes()))));
    text.append(
        "  Sub-model in each server, with gradients and optimiser: %d MiB, otherwise %d.%n"
            .formatted(
                Quantity.mib(plan.chosen().serverBytes()),
                Quantity.mib(plan.otherwise().serverBytes())));
  }

  private static String described(Way way, double images) {
    return way.decision().shape().compresses()
        ? "%sB of codes and gradients, %sB between servers (%s)"
            .formatted(
                Quantity.of(way.imageBytes(images)),
                Quantity.of(way.exchangeBytes()),
                way.decision().shape())
        : Quantity.of(way.imageBytes(images)) + "B of vectors";
  }
}
