package io.dicm.trainer.report;

import io.dicm.ams.server.ServerTraffic;
import io.dicm.ams.server.TrafficClass;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the servers moved, and what plain servers of vectors would have. */
final class TrafficSection implements Section {
  @Override
  public String id() {
    return "traffic";
  }

  @Override
  public String title() {
    return "Bytes moved";
  }

  @Override
  public void write(Markup out, RunReport report) {
    Missing.or(out, report.traffic(), servers -> write(out, servers));
  }

  private static void write(Markup out, List<ServerTraffic> servers) {
    long references = servers.stream().mapToLong(ServerTraffic::totalImageReferences).sum();
    long unique = servers.stream().mapToLong(ServerTraffic::uniqueImageReferences).sum();
    long raw = servers.stream().mapToLong(ServerTraffic::rawVectorBytes).sum();
    long steps = servers.stream().mapToLong(ServerTraffic::steps).max().orElse(0);
    Map<TrafficClass, Long> byClass = byClass(servers);
    long codes = byClass.get(TrafficClass.IMAGE_CODES) + byClass.get(TrafficClass.IMAGE_GRADIENTS);
    long all = byClass.values().stream().mapToLong(Long::longValue).sum();
    out.element(
        "dl",
        list -> {
          card(list, "Codes and gradients", Numbers.bytes(codes));
          card(list, "As plain vectors", Numbers.bytes(raw));
          card(
              list,
              "Fewer by a factor of",
              codes == 0 ? "–" : String.format(Locale.ROOT, "%.0f", (double) raw / codes));
          card(list, "Images asked for", Numbers.rough(references));
          card(list, "Images computed", Numbers.rough(unique));
        },
        "class",
        "headlines");
    new Table("Bytes by what they were for", List.of("for", "bytes", "a step", "share"))
        .write(
            out,
            rows ->
                byClass.forEach(
                    (what, bytes) ->
                        rows.row(
                            name(what),
                            List.of(
                                Numbers.bytes(bytes),
                                Numbers.bytes((double) bytes / Math.max(1, steps)),
                                Numbers.percent((double) bytes / Math.max(1, all))))));
    out.element(
        "p",
        "Over "
            + Numbers.count(steps)
            + " steps since the servers’ last start, received and sent by all "
            + servers.size()
            + " servers; what servers send each other counts at both ends. “As plain vectors” is"
            + " what a server without a sub-model would have sent for the same requests: "
            + servers.get(0).vectorDimension()
            + " float32 values an image, one way. An image that several workers ask for in a step"
            + " is computed once. Not in the factor are keys, and "
            + Numbers.bytes(byClass.get(TrafficClass.SUB_MODEL))
            + " by which the servers kept their copies of the sub-model equal; they depend on the"
            + " number of steps and servers, not on that of images.",
        "class",
        "note");
  }

  private static void card(Markup list, String label, String value) {
    list.element(
        "div",
        card -> {
          card.element("dt", label);
          card.element("dd", value, "class", "value");
        });
  }

  private static Map<TrafficClass, Long> byClass(List<ServerTraffic> servers) {
    Map<TrafficClass, Long> sums = new EnumMap<>(TrafficClass.class);
    for (TrafficClass what : TrafficClass.values()) {
      sums.put(
          what, servers.stream().mapToLong(one -> one.bytesByClass().getOrDefault(what, 0L)).sum());
    }
    return sums;
  }

  private static String name(TrafficClass what) {
    return switch (what) {
      case IMAGE_KEYS -> "keys of images";
      case IMAGE_CODES -> "codes of images";
      case IMAGE_GRADIENTS -> "gradients of codes";
      case ID_KEYS -> "keys of IDs";
      case ID_EMBEDDINGS -> "ID embeddings";
      case ID_GRADIENTS -> "gradients of ID embeddings";
      case DENSE -> "dense parameters and their gradients";
      case SUB_MODEL -> "sub-model between servers";
      case IMAGE_TIERS -> "tier histograms";
      case IMAGE_VECTORS -> "vectors between servers";
    };
  }
}
