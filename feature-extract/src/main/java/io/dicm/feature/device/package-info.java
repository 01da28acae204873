/**
 * Where networks are computed: the processor, or a GPU by CUDA; what a node has for one, and what
 * one is doing.
 */
package io.dicm.feature.device;
