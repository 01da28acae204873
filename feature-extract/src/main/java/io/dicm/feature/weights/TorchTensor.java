package io.dicm.feature.weights;

import java.util.List;

/**
 * A tensor as a pickle describes it.
 *
 * @param storage where its values are
 * @param offset index of its first value in the storage
 * @param shape its dimensions
 * @param strides by how many values two neighbours along a dimension lie apart
 */
record TorchTensor(TorchStorage storage, long offset, List<Long> shape, List<Long> strides) {}
