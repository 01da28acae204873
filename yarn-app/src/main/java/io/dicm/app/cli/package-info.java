/** The command line: one class a command; data on stdout, everything else on stderr. */
package io.dicm.app.cli;
