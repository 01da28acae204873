/** GPU kernels of our own beside libtorch's: compiled at the start, kept, launched. */
package io.dicm.feature.cuda;
