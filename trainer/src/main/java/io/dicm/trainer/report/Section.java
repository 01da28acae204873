package io.dicm.trainer.report;

/** A part of the page with a heading of its own. */
interface Section {
  /** Unique on the page, for links. */
  String id();

  /** The heading, and the link's text. */
  String title();

  /** Writes what is below the heading. */
  void write(Markup out, RunReport report);
}
