package io.dicm.trainer.report;

import java.util.List;

/**
 * Writes tables: a caption, headings with a scope, and a frame that scrolls where the page is
 * narrow.
 */
public final class Table {
  private final String caption;
  private final List<String> columns;

  /**
   * @param columns headings; the first column has the rows' names
   */
  public Table(String caption, List<String> columns) {
    this.caption = caption;
    this.columns = List.copyOf(columns);
  }

  /** Writes the rows of a table. */
  @FunctionalInterface
  public interface Body {
    void write(Rows rows);
  }

  /** Takes a table's rows. */
  public static final class Rows {
    private final Markup body;

    private Rows(Markup body) {
      this.body = body;
    }

    /** A row of a name and texts. */
    public void row(String name, List<String> values) {
      row(name, "", values.stream().map(text -> (Markup.Content) cell -> cell.text(text)).toList());
    }

    /**
     * A row of a name and whatever.
     *
     * @param style class of the row, or empty
     */
    public void row(String name, String style, List<Markup.Content> values) {
      body.element(
          "tr",
          row -> {
            row.element("th", name, "scope", "row");
            values.forEach(value -> row.element("td", value));
          },
          "class",
          style);
      body.line();
    }

    /** A row that names the ones below it. */
    public void group(String name, int columns) {
      body.element(
          "tr",
          row ->
              row.element(
                  "th",
                  cell -> cell.element("span", name),
                  "colspan",
                  Integer.toString(columns),
                  "scope",
                  "rowgroup"),
          "class",
          "group");
      body.line();
    }
  }

  /** Writes the whole table. */
  public void write(Markup out, Body content) {
    out.element(
        "div",
        frame ->
            frame.element(
                "table",
                table -> {
                  table.element("caption", text -> text.element("span", caption));
                  table.element(
                      "thead",
                      head ->
                          head.element(
                              "tr",
                              row ->
                                  columns.forEach(
                                      column -> row.element("th", column, "scope", "col"))));
                  table.line();
                  table.element("tbody", body -> content.write(new Rows(body)));
                }),
        "class",
        "scroll",
        "role",
        "region",
        "tabindex",
        "0",
        "aria-label",
        caption);
    out.line();
  }
}
