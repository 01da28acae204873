package io.dicm.feature.weights;

/**
 * A storage that a pickle refers to; its values lie elsewhere.
 *
 * @param type PyTorch's class of the storage, such as {@code FloatStorage}
 * @param key names the storage in its file
 * @param offset the first of its values that is meant, for a view of another storage
 */
record TorchStorage(String type, String key, long offset) {}
