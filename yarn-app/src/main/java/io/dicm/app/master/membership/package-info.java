/** Who belongs to the running gang, in which state, and what each is told to do next. */
package io.dicm.app.master.membership;
