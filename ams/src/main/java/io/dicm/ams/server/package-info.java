/**
 * One Advanced Model Server: its calls, its one compute thread, and what it computes in a window.
 */
package io.dicm.ams.server;
