/**
 * {@code report.html}: what is known of a run on one page. The readers gather it from the run's
 * files as plain values, the sections write them as HTML.
 */
package io.dicm.trainer.report;
