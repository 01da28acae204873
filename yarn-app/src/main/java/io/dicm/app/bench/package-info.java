/**
 * The processes of {@code bench step}: an Advanced Model Server, a training worker, a plain
 * libtorch loop, each a JVM of its own on this machine.
 */
package io.dicm.app.bench;
