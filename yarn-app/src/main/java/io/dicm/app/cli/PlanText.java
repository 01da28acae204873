package io.dicm.app.cli;

import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.pipeline.StageName;
import io.dicm.app.plan.ClusterView;
import io.dicm.app.plan.ContainerNeed;
import io.dicm.app.plan.RunPlan;
import io.dicm.app.plan.ServerNeed;
import io.dicm.app.plan.ServerPlan;
import io.dicm.common.config.DicmKeys;
import io.dicm.feature.job.ExtractPlan;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A run's plan in words and in values. */
record PlanText(RunPlan plan) {
  private static final String ROW = "  %-22s %5s %9s %9s %9s %9s %7s %5s  %s%n";

  /** By key, for programs. */
  Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("accepted", Boolean.toString(plan.refusals().isEmpty()));
    for (int i = 0; i < plan.refusals().size(); i++) {
      values.put("refusal_" + i, plan.refusals().get(i).oneLine());
    }
    for (ContainerNeed need : plan.containers().needs()) {
      addContainers(values, need);
    }
    if (mayRunInTheMaster()) {
      put(values, "mapreduce.local_input_mb", plan.containers().localInputMb());
    }
    for (StageName stage : plan.settings().stages()) {
      put(values, stage.label() + ".memory_mb", plan.containers().memoryMb(stage));
    }
    plan.extraction().ifPresent(extraction -> addExtraction(values, extraction));
    plan.vectors().ifPresent(vectors -> put(values, "vectors.images", vectors.images()));
    plan.samples()
        .ifPresent(
            samples -> {
              values.put("samples.source", samples.source());
              put(values, "samples.train_impressions", samples.train().impressions());
              put(values, "samples.train_bytes", samples.trainBytes());
              put(values, "samples.id_rows", samples.idRows());
            });
    plan.serving().ifPresent(serving -> new ServingText(serving).addTo(values, "serving."));
    plan.servers().ifPresent(servers -> addServers(values, servers));
    plan.cluster().ifPresent(cluster -> addCluster(values, cluster));
    return values;
  }

  private static void addContainers(Map<String, String> values, ContainerNeed need) {
    String prefix = key(need);
    values.put(
        prefix + ".count",
        need.count().isPresent() ? Integer.toString(need.count().getAsInt()) : "by the data");
    put(values, prefix + ".memory_mb", need.memoryMb());
    if (need.shares().isPresent()) {
      ContainerMemory shares = need.shares().get();
      put(values, prefix + ".heap_mb", shares.heapMb());
      put(values, prefix + ".direct_mb", shares.directMb());
      put(values, prefix + ".native_mb", shares.nativeMb());
    }
    put(values, prefix + ".vcores", need.vcores());
    put(values, prefix + ".gpus", need.gpus());
    values.put(prefix + ".key", need.memoryKey());
  }

  private static String key(ContainerNeed need) {
    String name = need.name().toLowerCase(Locale.ROOT).replace(' ', '_');
    return need.stage().map(stage -> stage.label() + ".").orElse("") + name;
  }

  private static void addExtraction(Map<String, String> values, ExtractPlan extraction) {
    put(values, "extract.images", extraction.images());
    put(values, "extract.new_images", extraction.newImages());
    put(values, "extract.map_tasks", extraction.mapTasks());
    put(values, "extract.map_memory_needed_mb", extraction.mapMemoryNeededMb());
    put(values, "extract.seconds", Math.round(extraction.seconds()));
  }

  private static void addServers(Map<String, String> values, ServerPlan servers) {
    for (ServerNeed server : servers.servers()) {
      String prefix = "server_" + server.server();
      put(values, prefix + ".images", server.images());
      put(values, prefix + ".vector_bytes", server.vectorBytes());
      put(values, prefix + ".name_bytes", server.nameBytes());
      put(values, prefix + ".id_bytes", server.idBytes());
      put(values, prefix + ".sub_model_bytes", server.subModelBytes());
      values.put(prefix + ".vectors_fit", Boolean.toString(server.vectorsFit()));
      values.put(prefix + ".ids_fit", Boolean.toString(server.idsFit()));
    }
    values.put("server.needed_memory_mb", needed(servers));
    servers
        .lean()
        .ifPresent(
            lean -> {
              put(values, "server.lean_memory_mb", lean.memoryMb());
              values.put("server.lean_heap_fraction", Double.toString(lean.heapFraction()));
            });
  }

  private static String needed(ServerPlan servers) {
    return servers.neededMb().isPresent()
        ? Integer.toString(servers.neededMb().getAsInt())
        : "more than a container can have";
  }

  private static void addCluster(Map<String, String> values, ClusterView cluster) {
    put(values, "cluster.nodes", cluster.size().nodes());
    put(values, "cluster.memory_mb", cluster.size().memoryMb());
    put(values, "cluster.vcores", cluster.size().vcores());
    put(values, "cluster.gpus", cluster.size().gpus());
    put(values, "cluster.largest_container_mb", cluster.largest().memoryMb());
    put(values, "cluster.largest_container_vcores", cluster.largest().vcores());
    put(values, "cluster.largest_container_gpus", cluster.largest().gpus());
    values.put("queue", cluster.queue());
    values.put("queue.capacity", share(cluster.queueShare()));
    values.put("queue.maximum_capacity", share(cluster.queueMost()));
  }

  private static String share(double share) {
    return String.format(Locale.ROOT, "%.0f%%", 100 * share);
  }

  private static void put(Map<String, String> values, String key, long value) {
    values.put(key, Long.toString(value));
  }

  /** In sections, each line ended. */
  String forPeople() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s, run %s of %s: %s%n"
            .formatted(
                plan.settings().name(),
                plan.settings().run(),
                plan.settings().date(),
                StageName.labels(plan.settings().stages())));
    addContainerTable(text);
    if (mayRunInTheMaster()) {
      text.append(
          "Of samples and evaluate, jobs that read at most %d MiB run in the master, without these (%s).%n"
              .formatted(plan.containers().localInputMb(), DicmKeys.MAPREDUCE_LOCAL_INPUT_MB));
    }
    plan.settings().stages().stream()
        .filter(stage -> stage == StageName.TRAIN || stage == StageName.PREDICT)
        .forEach(
            stage ->
                text.append(
                    "At a time during %s: %d MiB.%n"
                        .formatted(stage.label(), plan.containers().memoryMb(stage))));
    addData(text);
    plan.serving().ifPresent(serving -> new ServingText(serving).addTo(text));
    plan.servers().ifPresent(servers -> addServerText(text, servers));
    plan.cluster().ifPresent(cluster -> addClusterText(text, cluster));
    if (plan.refusals().isEmpty()) {
      text.append(
          plan.cluster().isPresent()
              ? "The submission would be accepted.\n"
              : "Nothing speaks against it, the cluster was not asked.\n");
    } else {
      text.append("The submission would be refused:\n");
      plan.refusals().forEach(refusal -> text.append("  ").append(refusal.oneLine()).append('\n'));
    }
    return text.toString();
  }

  private boolean mayRunInTheMaster() {
    return plan.containers().localInputMb() > 0
        && (plan.settings().runs(StageName.SAMPLES) || plan.settings().runs(StageName.EVALUATE));
  }

  private void addContainerTable(StringBuilder text) {
    text.append("Containers (MiB each):\n");
    text.append(
        ROW.formatted(
            "", "count", "memory", "heap", "direct", "native", "vcores", "GPUs", "set by"));
    for (ContainerNeed need : plan.containers().needs()) {
      String name = need.stage().map(stage -> stage.label() + " ").orElse("") + need.name();
      text.append(
          ROW.formatted(
              name,
              need.count().isPresent() ? need.count().getAsInt() : "*",
              need.memoryMb(),
              need.shares().map(shares -> "" + shares.heapMb()).orElse("-"),
              need.shares().map(shares -> "" + shares.directMb()).orElse("-"),
              need.shares().map(shares -> "" + shares.nativeMb()).orElse("-"),
              need.vcores(),
              need.gpus(),
              need.memoryKey()));
    }
  }

  private void addData(StringBuilder text) {
    plan.extraction()
        .ifPresent(
            extraction ->
                text.append(
                    "Extraction: %d images, %d of them new; %d map tasks, %d at a time, about %.0f s.%n"
                        .formatted(
                            extraction.images(),
                            extraction.newImages(),
                            extraction.mapTasks(),
                            extraction.concurrentMaps(),
                            extraction.seconds())));
    plan.samples()
        .ifPresentOrElse(
            samples ->
                text.append(
                    "Samples (%s): %d impressions to train on, %.1f behaviours each, %sB, %d IDs.%n"
                        .formatted(
                            samples.source(),
                            samples.train().impressions(),
                            samples.behaviorsOfAnImpression(),
                            Quantity.of(samples.trainBytes()),
                            samples.idRows())),
            () -> text.append("Samples: none yet, so the number of IDs is not known.\n"));
  }

  private void addServerText(StringBuilder text, ServerPlan servers) {
    ServerNeed fullest = servers.fullest();
    text.append(
        "Servers: the fullest of %d holds %d images (%s). It needs, of the container's room, MiB:%n"
            .formatted(
                servers.servers().size(),
                fullest.images(),
                plan.vectors().map(vectors -> vectors.source()).orElse("")));
    addRoom(text, "vectors", fullest.vectorBytes(), fullest.room().vectorBytes());
    addRoom(
        text,
        "vectors and ID embeddings",
        fullest.vectorBytes() + fullest.idBytes(),
        fullest.room().dataBytes());
    addRoom(text, "names in the heap", fullest.nameBytes(), fullest.room().nameBytes());
    text.append(
        "  sub-model with optimiser: %d. Least container: %s MiB.%n"
            .formatted(Quantity.mib(fullest.subModelBytes()), needed(servers)));
    servers
        .lean()
        .ifPresent(
            lean ->
                text.append(
                    "  With %s=%s %d MiB are enough.%n"
                        .formatted(
                            DicmKeys.YARN_SERVER_HEAP_FRACTION,
                            lean.heapFraction(),
                            lean.memoryMb())));
    if (fullest.vectorsFit() && !fullest.idsFit()) {
      text.append(
          "  The ID embeddings will not all fit: admit fewer, let them expire, or give more memory.\n");
    }
  }

  private static void addRoom(StringBuilder text, String what, long needed, long room) {
    text.append("  %s: %d of %d%n".formatted(what, Quantity.mib(needed), Quantity.mib(room)));
  }

  private static void addClusterText(StringBuilder text, ClusterView cluster) {
    text.append(
        "Cluster: %d nodes, %d MiB, %d vcores, %d GPUs; largest container %d MiB, %d vcores, %d GPUs. Queue %s: %s of its parent, at most %s.%n"
            .formatted(
                cluster.size().nodes(),
                cluster.size().memoryMb(),
                cluster.size().vcores(),
                cluster.size().gpus(),
                cluster.largest().memoryMb(),
                cluster.largest().vcores(),
                cluster.largest().gpus(),
                cluster.queue(),
                share(cluster.queueShare()),
                share(cluster.queueMost())));
  }
}
