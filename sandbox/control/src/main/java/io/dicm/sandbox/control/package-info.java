/** Starts, stops and finds the processes of a sandbox; what they share with their controller. */
package io.dicm.sandbox.control;
