package io.dicm.trainer.report;

import io.dicm.trainer.report.ExampleImpressions.Attended;
import io.dicm.trainer.report.ExampleImpressions.Example;
import java.util.List;
import java.util.Locale;

/** Impressions with the pictures that drew the most attention. */
final class ExampleSection implements Section {
  @Override
  public String id() {
    return "impressions";
  }

  @Override
  public String title() {
    return "What attention looked at";
  }

  @Override
  public void write(Markup out, RunReport report) {
    Missing.or(
        out,
        report.examples(),
        examples -> write(out, examples, new PictureMarkup(report.pictures())));
  }

  private static void write(Markup out, ExampleImpressions examples, PictureMarkup pictures) {
    out.element("p", explanation(examples), "class", "note");
    if (!pictures.pictures().trouble().isEmpty()) {
      Missing.say(out, pictures.pictures().trouble());
    }
    legend(out, examples.channels());
    group(out, "Clicked", examples, true, pictures);
    group(out, "Not clicked", examples, false, pictures);
  }

  private static String explanation(ExampleImpressions examples) {
    String drawn =
        examples.examples().size()
            + " test impressions, drawn by the training’s seed among those of "
            + (examples.all() ? "all " : "the first ")
            + Numbers.count(examples.read())
            + " that have a picture and whose user clicked three different pictures before. ";
    return examples.channels().isEmpty()
        ? drawn
            + "This model gives the behaviours no weights: the latest ones are shown, the newest"
            + " first."
        : drawn
            + "Left the shown item, right the behaviours with the largest weights, by the sum of"
            + " their shares of each channel’s largest. Weights are not normalised and may be"
            + " negative; the bars show their size beside the largest of the impression, hatched"
            + " where it is negative.";
  }

  private static String channel(String query) {
    return switch (query) {
      case "image" -> "asked by the item’s picture";
      case "id" -> "asked by the item’s IDs";
      default -> query;
    };
  }

  /** Which bar is which channel. */
  private static void legend(Markup out, List<String> channels) {
    if (channels.isEmpty()) {
      return;
    }
    out.element(
        "ul",
        list -> {
          for (int c = 0; c < channels.size(); c++) {
            String style = "fill s" + (c + 1);
            String name = channel(channels.get(c));
            list.element(
                "li",
                item -> {
                  item.element("span", "", "class", style, "aria-hidden", "true");
                  item.text(name);
                });
          }
        },
        "class",
        "legend bars");
  }

  private static void group(
      Markup out,
      String title,
      ExampleImpressions examples,
      boolean click,
      PictureMarkup pictures) {
    List<Example> shown =
        examples.examples().stream().filter(example -> example.click() == click).toList();
    if (shown.isEmpty()) {
      return;
    }
    out.element("h3", title);
    out.element(
        "div",
        cards -> shown.forEach(example -> card(cards, example, examples.channels(), pictures)),
        "class",
        "cards");
  }

  private static void card(
      Markup out, Example example, List<String> channels, PictureMarkup pictures) {
    double[] largest = largest(example, channels.size());
    out.element(
        "article",
        card -> {
          card.element(
              "figure",
              figure -> {
                pictures.write(figure, example.image());
                figure.element(
                    "figcaption",
                    caption -> {
                      line(caption, "item ", example.itemId());
                      if (!example.category().isEmpty()) {
                        line(caption, "", example.category());
                      }
                      line(caption, "user ", example.userId());
                      caption.element(
                          "span",
                          "score " + Numbers.weight(example.probability()),
                          "class",
                          "score");
                      caption.element("span", example.click() ? "clicked" : "not clicked");
                    });
              },
              "class",
              "shown");
          card.element(
              "ul",
              list ->
                  example
                      .attended()
                      .forEach(one -> attended(list, one, channels, largest, pictures)),
              "class",
              "attended",
              "aria-label",
              "behaviours, " + example.behaviors() + " pictures in all");
        },
        "class",
        "card",
        "aria-label",
        "impression " + example.impressionId());
    out.line();
  }

  private static void line(Markup caption, String label, String value) {
    caption.element(
        "span",
        span -> {
          span.text(label);
          span.element("bdi", value);
        });
  }

  private static double[] largest(Example example, int channels) {
    double[] largest = new double[channels];
    for (Attended one : example.attended()) {
      for (int c = 0; c < channels; c++) {
        largest[c] = Math.max(largest[c], Math.abs(one.weights()[c]));
      }
    }
    return largest;
  }

  private static void attended(
      Markup list, Attended one, List<String> channels, double[] largest, PictureMarkup pictures) {
    list.element(
        "li",
        item -> {
          pictures.write(item, one.image());
          if (one.times() > 1) {
            item.element("span", "× " + one.times(), "class", "times");
          }
          for (int c = 0; c < channels.size(); c++) {
            bar(item, channels.get(c), "s" + (c + 1), one.weights()[c], largest[c]);
          }
        });
  }

  private static void bar(Markup item, String channel, String style, double weight, double most) {
    int share = most == 0 ? 0 : (int) Math.round(100 * Math.abs(weight) / most);
    item.element(
        "span",
        row -> {
          row.element(
              "span",
              text -> {
                text.element("span", channel + " ", "class", "unseen");
                text.text(Numbers.weight(weight));
              },
              "class",
              "weight");
          row.element(
              "span",
              track ->
                  track.element(
                      "span",
                      "",
                      "class",
                      "fill " + style + (weight < 0 ? " negative" : ""),
                      "style",
                      String.format(Locale.ROOT, "width:%d%%", share)),
              "class",
              "track",
              "aria-hidden",
              "true");
        },
        "class",
        "bar");
  }
}
