package io.dicm.trainer.report;

import io.dicm.trainer.report.NearestNeighbors.Neighbor;
import io.dicm.trainer.report.NearestNeighbors.Query;
import java.util.List;
import java.util.Locale;

/** Images with their nearest ones in the codes and in the vectors. */
final class NeighborSection implements Section {
  @Override
  public String id() {
    return "neighbours";
  }

  @Override
  public String title() {
    return "Nearest neighbours";
  }

  @Override
  public void write(Markup out, RunReport report) {
    Missing.or(
        out,
        report.neighbors(),
        neighbors -> write(out, neighbors, new PictureMarkup(report.pictures())));
  }

  private static void write(Markup out, NearestNeighbors neighbors, PictureMarkup pictures) {
    out.element("p", explanation(neighbors), "class", "note");
    if (!pictures.pictures().trouble().isEmpty()) {
      Missing.say(out, pictures.pictures().trouble());
    }
    out.element(
        "div",
        cards -> neighbors.queries().forEach(query -> card(cards, query, neighbors, pictures)),
        "class",
        "cards");
  }

  private static String explanation(NearestNeighbors neighbors) {
    double common = neighbors.queries().stream().mapToLong(Query::common).average().orElse(0);
    String among =
        neighbors.candidates() < neighbors.images()
            ? Numbers.count(neighbors.candidates())
                + " of the store’s "
                + Numbers.count(neighbors.images())
                + " images"
            : "all " + Numbers.count(neighbors.candidates()) + " images";
    return neighbors.queries().size()
        + " images, drawn by the training’s seed, with the nearest ones among "
        + among
        + ", by the cosine of the "
        + neighbors.codeDimension()
        + "-d ad codes of the model and of the "
        + neighbors.dimension()
        + "-d vectors, scaled as training scales them. Outlined ones are in both rows: "
        + String.format(Locale.ROOT, "%.1f", common)
        + " of "
        + neighbors.queries().get(0).byCode().size()
        + " on average.";
  }

  private static void card(
      Markup out, Query query, NearestNeighbors neighbors, PictureMarkup pictures) {
    out.element(
        "article",
        card -> {
          card.element(
              "figure",
              figure -> {
                pictures.write(figure, query.image());
                figure.element(
                    "figcaption", caption -> caption.element("bdi", query.image().label()));
              },
              "class",
              "shown");
          card.element(
              "div",
              lists -> {
                row(
                    lists,
                    neighbors.codeDimension() + "-d codes",
                    query.byCode(),
                    query.byVector(),
                    pictures);
                row(
                    lists,
                    neighbors.dimension() + "-d vectors",
                    query.byVector(),
                    query.byCode(),
                    pictures);
              },
              "class",
              "rows");
        },
        "class",
        "card",
        "aria-label",
        "image " + query.image().label());
    out.line();
  }

  private static void row(
      Markup out,
      String title,
      List<Neighbor> shown,
      List<Neighbor> others,
      PictureMarkup pictures) {
    out.element("h4", title);
    out.element(
        "ol",
        list ->
            shown.forEach(
                neighbor -> {
                  boolean both =
                      others.stream()
                          .anyMatch(
                              other -> other.image().imageKey() == neighbor.image().imageKey());
                  list.element(
                      "li",
                      item -> {
                        pictures.write(item, neighbor.image());
                        item.element(
                            "span",
                            Numbers.weight(neighbor.cosine()) + (both ? ", both" : ""),
                            "class",
                            "weight");
                      },
                      "class",
                      both ? "both" : "");
                }),
        "class",
        "neighbours");
  }
}
