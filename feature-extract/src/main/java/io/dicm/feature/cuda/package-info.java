/**
 * GPU kernels of our own beside libtorch's: compiled at the start, kept, launched; and what a GPU
 * is doing.
 */
package io.dicm.feature.cuda;
