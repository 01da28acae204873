package io.dicm.app.plan;

/**
 * A smaller container that is enough when less of it is heap: what grows with the data lies outside
 * the heap, but for the images' keys and names.
 *
 * @param memoryMb of the container, MiB
 * @param heapFraction share of it that is heap
 */
public record LeanServer(int memoryMb, double heapFraction) {}
