/**
 * Brings the workers of a step together: who takes part, and what happens when someone does not
 * come.
 */
package io.dicm.ams.window;
