/** Oozie's HTTP API, as far as {@code dicm oozie} needs it. */
package io.dicm.app.oozie;
