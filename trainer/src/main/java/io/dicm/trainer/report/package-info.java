/**
 * {@code report.html}: what is known of a run on one page. The readers gather it from the run's
 * files as plain values, the sections write them as HTML. Other pages share the parts below the
 * sections: {@link io.dicm.trainer.report.Markup}, {@link io.dicm.trainer.report.Table}, {@link
 * io.dicm.trainer.report.Chart}, {@link io.dicm.trainer.report.Numbers} and {@link
 * io.dicm.trainer.report.StyleSheet}.
 */
package io.dicm.trainer.report;
