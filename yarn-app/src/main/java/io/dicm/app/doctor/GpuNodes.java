package io.dicm.app.doctor;

import io.dicm.app.plan.ContainerSize;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.yarn.api.records.NodeReport;

/**
 * The GPUs of a cluster's nodes, in use or not, by the nodes' labels.
 *
 * @param places each node that runs
 * @param shared labels whose nodes also take containers that ask for none
 */
record GpuNodes(List<Place> places, Set<String> shared) {
  /**
   * A node.
   *
   * @param labels none: it is in the cluster's default partition
   * @param gpus devices of type {@value ContainerSize#GPU}
   */
  record Place(Set<String> labels, long gpus) {}

  /** By the resource manager's reports on the nodes that run. */
  static GpuNodes of(List<NodeReport> nodes, Set<String> shared) {
    return new GpuNodes(nodes.stream().map(GpuNodes::place).toList(), Set.copyOf(shared));
  }

  private static Place place(NodeReport node) {
    Set<String> labels = node.getNodeLabels() == null ? Set.of() : node.getNodeLabels();
    return new Place(
        labels.stream().filter(label -> !label.isBlank()).collect(Collectors.toSet()),
        ContainerSize.of(node.getCapability()).gpus());
  }

  /** GPUs on the nodes that a container may get. */
  long reachable(String label) {
    return places.stream().filter(place -> takes(place, label)).mapToLong(Place::gpus).sum();
  }

  /** Whether labelled nodes with GPUs take containers that ask for no label. */
  boolean sharesLabelled() {
    return places.stream()
        .anyMatch(place -> place.gpus > 0 && !place.labels.isEmpty() && takes(place, ""));
  }

  private boolean takes(Place place, String label) {
    return label.isEmpty() ? shared.containsAll(place.labels) : place.labels.contains(label);
  }

  /** Those nodes, in words. */
  String whereIs(String label) {
    boolean labelled = places.stream().anyMatch(place -> !place.labels.isEmpty());
    if (label.isEmpty()) {
      return labelled ? "nodes that need no label" : "the nodes";
    }
    return "nodes labelled '" + label + "'";
  }

  /** How many there are, and where. */
  String words() {
    List<Place> with = places.stream().filter(place -> place.gpus > 0).toList();
    if (with.isEmpty()) {
      return "the cluster offers none (" + ContainerSize.GPU + ")";
    }
    Set<String> labels = new TreeSet<>();
    with.forEach(place -> labels.addAll(place.labels));
    String each =
        labels.stream()
            .map(label -> "%d labelled '%s'".formatted(reachable(label), label))
            .collect(Collectors.joining(", "));
    return "%d (%s) on %d of %d nodes%s"
        .formatted(
            with.stream().mapToLong(Place::gpus).sum(),
            ContainerSize.GPU,
            with.size(),
            places.size(),
            each.isEmpty() ? "" : ": " + each);
  }
}
