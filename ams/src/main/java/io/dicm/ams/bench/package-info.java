/**
 * Measures an Advanced Model Server on the machine at hand against what that machine can do: the
 * rate of its own matrix products. Used by the commands {@code bench ams} and {@code bench gpu}.
 */
package io.dicm.ams.bench;
