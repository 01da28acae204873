/** Where networks are computed: the processor, or a GPU by CUDA. */
package io.dicm.feature.device;
