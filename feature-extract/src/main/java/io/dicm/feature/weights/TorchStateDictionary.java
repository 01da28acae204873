package io.dicm.feature.weights;

import io.dicm.common.tensor.ElementType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a pickle of {@code torch.save} holds: tensors by name. */
final class TorchStateDictionary {
  /** Where training scripts put the state dictionary in a larger one. */
  private static final List<String> WRAPPERS = List.of("state_dict", "model");

  private final Map<String, TorchTensor> tensors;

  /** Where the values of a storage lie. */
  @FunctionalInterface
  interface Places {
    /** The place in the file, whose length the storage's type need not match. */
    Range of(TorchStorage storage) throws MalformedWeightsException;
  }

  /**
   * A range of a file.
   *
   * @param begin place of the first byte
   * @param end place after the last byte
   */
  record Range(long begin, long end) {}

  private TorchStateDictionary(Map<String, TorchTensor> tensors) {
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /**
   * Takes the tensors of a dictionary, or of the one in it under {@code state_dict} or {@code
   * model}.
   *
   * @param pickled what {@link PickleReader} gave
   */
  static TorchStateDictionary of(Object pickled) throws MalformedWeightsException {
    if (!(pickled instanceof Map<?, ?> dictionary)) {
      throw new MalformedWeightsException(
          "it holds no dictionary of tensors: save the model's state_dict()");
    }
    Map<String, TorchTensor> tensors = tensorsOf(dictionary);
    for (String wrapper : WRAPPERS) {
      if (tensors.isEmpty() && dictionary.get(wrapper) instanceof Map<?, ?> inner) {
        tensors = tensorsOf(inner);
      }
    }
    return new TorchStateDictionary(tensors);
  }

  /** The tensors with their places in the file. */
  Map<String, StoredTensor> stored(Places places) throws MalformedWeightsException {
    Map<String, StoredTensor> stored = new LinkedHashMap<>();
    for (Map.Entry<String, TorchTensor> entry : tensors.entrySet()) {
      stored.put(entry.getKey(), stored(entry.getKey(), entry.getValue(), places));
    }
    return stored;
  }

  /** Length of one of a storage's values, bytes; 0 when it is not known. */
  static int elementBytes(String storageType) {
    return switch (storageType) {
      case "DoubleStorage", "LongStorage" -> Long.BYTES;
      case "FloatStorage", "IntStorage" -> Integer.BYTES;
      case "HalfStorage", "BFloat16Storage", "ShortStorage" -> Short.BYTES;
      case "CharStorage", "ByteStorage", "BoolStorage" -> Byte.BYTES;
      default -> throw new IllegalArgumentException("No storage that is allowed: " + storageType);
    };
  }

  private static StoredTensor stored(String name, TorchTensor tensor, Places places)
      throws MalformedWeightsException {
    TorchStorage storage = tensor.storage();
    Range range = places.of(storage);
    int bytes = elementBytes(storage.type());
    if (!StoredTensor.readable(tensor.shape())) {
      throw new MalformedWeightsException(
          "tensor " + name + " has the shape " + tensor.shape() + ", which cannot be read");
    }
    try {
      long first = Math.addExact(storage.offset(), tensor.offset());
      StoredTensor stored =
          new StoredTensor(
              storage.type(),
              readAs(storage.type()),
              tensor.shape(),
              tensor.strides(),
              Math.addExact(range.begin(), Math.multiplyExact(bytes, first)),
              range.end());
      long end = Math.addExact(stored.begin(), Math.multiplyExact(bytes, stored.span()));
      if (end > range.end()) {
        throw new MalformedWeightsException(
            "tensor "
                + name
                + " of shape "
                + tensor.shape()
                + " and strides "
                + tensor.strides()
                + " ends "
                + (end - range.end())
                + " bytes after its storage");
      }
      return stored;
    } catch (ArithmeticException e) {
      throw new MalformedWeightsException(
          "tensor " + name + " has strides beyond all files: " + tensor.strides());
    }
  }

  private static Optional<ElementType> readAs(String storageType) {
    return switch (storageType) {
      case "FloatStorage" -> Optional.of(ElementType.FLOAT32);
      case "HalfStorage" -> Optional.of(ElementType.FLOAT16);
      case "BFloat16Storage" -> Optional.of(ElementType.BFLOAT16);
      default -> Optional.empty();
    };
  }

  private static Map<String, TorchTensor> tensorsOf(Map<?, ?> dictionary) {
    Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    dictionary.forEach(
        (key, value) -> {
          if (key instanceof String name && value instanceof TorchTensor tensor) {
            tensors.put(name, tensor);
          }
        });
    return tensors;
  }
}
