/** Looks whether all that a run needs is there: {@code dicm doctor}. */
package io.dicm.app.doctor;
