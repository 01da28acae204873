package io.dicm.app.master.web;

import io.dicm.app.master.history.RunSnapshot;
import io.dicm.trainer.report.Markup;

/** A part of a run's page with a heading of its own; made anew at each update. */
interface PagePart {
  /** Unique on the page, for links and updates. */
  String id();

  /** The heading, and the link's text. */
  String title();

  /** Writes what is below the heading. */
  void write(Markup out, RunSnapshot run);
}
