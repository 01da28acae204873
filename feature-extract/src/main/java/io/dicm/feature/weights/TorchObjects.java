package io.dicm.feature.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The few things that a pickle of tensors may make; every other name in it is refused. No code of a
 * file is ever run: a "call" here only puts the arguments into a record.
 *
 * <p>The names are those that {@code torch.save} writes for a state dictionary, today's and those
 * of its first versions.
 */
final class TorchObjects {
  private static final String ORDERED_DICTIONARY = "collections.OrderedDict";
  private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
  private static final String FORMER_TENSOR = "torch._utils._rebuild_tensor";
  private static final String PARAMETER = "torch._utils._rebuild_parameter";
  private static final String FORMER_PARAMETER = "torch.nn.parameter.Parameter";
  private static final Set<String> CALLABLE =
      Set.of(ORDERED_DICTIONARY, TENSOR, FORMER_TENSOR, PARAMETER, FORMER_PARAMETER);
  private static final Set<String> STORAGES =
      Set.of(
          "FloatStorage",
          "HalfStorage",
          "BFloat16Storage",
          "DoubleStorage",
          "LongStorage",
          "IntStorage",
          "ShortStorage",
          "CharStorage",
          "ByteStorage",
          "BoolStorage");
  private static final String STORAGE_PREFIX = "torch.";
  private static final int PERSISTENT_FIELDS = 5;

  private TorchObjects() {}

  /** A name in a pickle that is allowed. */
  record Global(String name) {}

  /**
   * The thing of this name.
   *
   * @throws MalformedWeightsException naming it when it is not allowed
   */
  static Global global(String module, String name) throws MalformedWeightsException {
    String full = module + "." + name;
    boolean storage = module.equals("torch") && STORAGES.contains(name);
    if (!storage && !CALLABLE.contains(full)) {
      throw new MalformedWeightsException(
          "its pickle asks for " + full + ", only tensors in dictionaries are allowed");
    }
    return new Global(full);
  }

  /** What a call of an allowed thing makes. */
  static Object call(Object callee, List<?> arguments) throws MalformedWeightsException {
    if (!(callee instanceof Global global) || !CALLABLE.contains(global.name())) {
      throw new MalformedWeightsException("its pickle calls what is no maker of tensors");
    }
    return switch (global.name()) {
      case ORDERED_DICTIONARY -> dictionary(arguments);
      case TENSOR, FORMER_TENSOR -> tensor(arguments);
      default -> parameter(arguments);
    };
  }

  /** The object after its state is set, which matters for tensors of PyTorch 0.1 only. */
  static Object build(Object target, Object state) throws MalformedWeightsException {
    if (target instanceof Map) {
      return target; // the attributes of an ordered dictionary: _metadata
    }
    if (target instanceof TorchTensor) {
      return state instanceof List<?> values
              && !values.isEmpty()
              && values.get(0) instanceof TorchTensor tensor
          ? tensor
          : target;
    }
    throw new MalformedWeightsException("its pickle sets the state of what is no tensor");
  }

  /** A storage by the identifier that torch.save gives it. */
  static TorchStorage storage(Object identifier) throws MalformedWeightsException {
    if (identifier instanceof List<?> fields
        && fields.size() >= PERSISTENT_FIELDS
        && "storage".equals(fields.get(0))
        && fields.get(1) instanceof Global global
        && fields.get(2) instanceof String key
        && !CALLABLE.contains(global.name())) {
      boolean view = fields.size() > PERSISTENT_FIELDS && fields.get(5) instanceof List<?>;
      long offset = view ? number(((List<?>) fields.get(5)), 1) : 0;
      return new TorchStorage(global.name().substring(STORAGE_PREFIX.length()), key, offset);
    }
    throw new MalformedWeightsException("its pickle refers to what is no storage");
  }

  private static Map<Object, Object> dictionary(List<?> arguments)
      throws MalformedWeightsException {
    Map<Object, Object> dictionary = new LinkedHashMap<>();
    if (arguments.isEmpty()) {
      return dictionary;
    }
    // Python 2 wrote the entries as a list of pairs.
    if (arguments.get(0) instanceof List<?> pairs) {
      for (Object pair : pairs) {
        if (!(pair instanceof List<?> entry) || entry.size() != 2) {
          throw new MalformedWeightsException("its pickle has a dictionary of no pairs");
        }
        dictionary.put(PickleReader.key(entry.get(0)), entry.get(1));
      }
      return dictionary;
    }
    throw new MalformedWeightsException("its pickle has a dictionary of no pairs");
  }

  private static TorchTensor tensor(List<?> arguments) throws MalformedWeightsException {
    if (arguments.size() >= 4
        && arguments.get(0) instanceof TorchStorage storage
        && arguments.get(2) instanceof List<?> shape
        && arguments.get(3) instanceof List<?> strides
        && shape.size() == strides.size()) {
      return new TorchTensor(storage, number(arguments, 1), numbers(shape), numbers(strides));
    }
    throw new MalformedWeightsException("its pickle has a tensor that is none");
  }

  private static TorchTensor parameter(List<?> arguments) throws MalformedWeightsException {
    if (!arguments.isEmpty() && arguments.get(0) instanceof TorchTensor tensor) {
      return tensor;
    }
    throw new MalformedWeightsException("its pickle has a parameter without a tensor");
  }

  private static List<Long> numbers(List<?> values) throws MalformedWeightsException {
    Long[] numbers = new Long[values.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(values, i);
    }
    return List.of(numbers);
  }

  private static long number(List<?> values, int index) throws MalformedWeightsException {
    if (index < values.size() && values.get(index) instanceof Long number && number >= 0) {
      return number;
    }
    throw new MalformedWeightsException("its pickle has a tensor with a size that is no number");
  }
}
