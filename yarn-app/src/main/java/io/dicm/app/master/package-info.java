/** The application master: its entry point, which only wires. */
package io.dicm.app.master;
