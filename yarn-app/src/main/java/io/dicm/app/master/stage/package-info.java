/** The stages of a run, what each needs, and running them in order. */
package io.dicm.app.master.stage;
