/**
 * How servers and workers compute: a crew of threads that share the pieces of one piece of work,
 * and the threads of the native libraries.
 */
package io.dicm.ams.compute;
