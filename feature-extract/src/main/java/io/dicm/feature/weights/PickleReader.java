package io.dicm.feature.weights;

import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads Python's pickle format (protocols 2 to 5) as far as tensors in dictionaries need it: text,
 * numbers, lists, tuples, dictionaries and what {@link TorchObjects} allows. Whole numbers become
 * {@link Long} or {@link BigInteger}, lists and tuples {@link List}, dictionaries {@link Map}.
 *
 * <p>The operations are those of Python's {@code pickletools}. Not safe for use by many threads.
 */
final class PickleReader {
  private static final int MOST_OBJECTS = 1_000_000;
  private static final Object MARK = new Object();

  /** Python's None. */
  static final Object NONE = new Object();

  private final PickleInput in;
  private final Consumer<TorchStorage> storages;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();
  private int objects;

  PickleReader(PickleInput in) {
    this(in, storage -> {});
  }

  /**
   * @param storages told of each storage that a pickle refers to
   */
  PickleReader(PickleInput in, Consumer<TorchStorage> storages) {
    this.in = in;
    this.storages = storages;
  }

  /**
   * Reads the pickle that begins at the input's place, and leaves that behind it.
   *
   * @throws MalformedWeightsException when it has what weights do not need
   */
  Object read() throws IOException {
    stack.clear();
    memo.clear();
    objects = 0;
    try {
      for (int operation = in.unsignedByte(); operation != '.'; operation = in.unsignedByte()) {
        execute(operation);
      }
      return pop();
    } catch (EOFException e) {
      throw new MalformedWeightsException("it ends within a pickle, at byte " + in.position());
    }
  }

  /** A dictionary's key, checked to be text, a number or a truth value. */
  static Object key(Object key) throws MalformedWeightsException {
    if (key instanceof String || key instanceof Number || key instanceof Boolean) {
      return key;
    }
    throw new MalformedWeightsException("its pickle has a dictionary with a key that is no text");
  }

  private void execute(int operation) throws IOException {
    switch (operation) {
      case 0x80 -> in.unsignedByte(); // PROTO
      case 0x95 -> in.number(Long.BYTES); // FRAME
      case '(' -> push(MARK);
      case '0' -> pop();
      case 'N' -> push(NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push((long) (int) in.number(Integer.BYTES));
      case 'K' -> push(in.number(1));
      case 'M' -> push(in.number(2));
      case 0x8A -> push(integer(in.number(1)));
      case 0x8B -> push(integer(in.number(Integer.BYTES)));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.number(Long.BYTES))));
      case 'U', 0x8C -> push(in.text(in.number(1))); // SHORT_BINSTRING, SHORT_BINUNICODE
      case 'T', 'X' -> push(in.text(in.number(Integer.BYTES))); // BINSTRING, BINUNICODE
      case 0x8D -> push(in.text(in.number(Long.BYTES)));
      default -> executeStructure(operation);
    }
  }

  private void executeStructure(int operation) throws IOException {
    switch (operation) {
      case ')' -> push(List.of());
      case 't' -> push(Collections.unmodifiableList(popToMark()));
      case 0x85 -> push(tuple(1));
      case 0x86 -> push(tuple(2));
      case 0x87 -> push(tuple(3));
      case ']' -> push(new ArrayList<>());
      case 'a' -> append(tuple(1));
      case 'e' -> append(popToMark());
      case '}' -> push(new LinkedHashMap<>());
      case 's' -> setItems(tuple(2));
      case 'u' -> setItems(popToMark());
      default -> executeReference(operation);
    }
  }

  private void executeReference(int operation) throws IOException {
    switch (operation) {
      case 'q' -> memo.put(in.number(1), peek());
      case 'r' -> memo.put(in.number(Integer.BYTES), peek());
      case 0x94 -> memo.put((long) memo.size(), peek());
      case 'h' -> push(recall(in.number(1)));
      case 'j' -> push(recall(in.number(Integer.BYTES)));
      case 'c' -> push(TorchObjects.global(in.line(), in.line()));
      case 0x93 -> pushGlobal(pop(), pop());
      case 'Q' -> pushStorage(TorchObjects.storage(pop()));
      case 'R', 0x81 -> pushCall(pop(), pop()); // REDUCE, NEWOBJ
      case 'b' -> pushBuilt(pop(), pop());
      default ->
          throw new MalformedWeightsException(
              String.format(
                  "its pickle has the operation 0x%02x before byte %d, which tensors do not need",
                  operation, in.position()));
    }
  }

  private void pushStorage(TorchStorage storage) throws MalformedWeightsException {
    storages.accept(storage);
    push(storage);
  }

  private void pushGlobal(Object name, Object module) throws MalformedWeightsException {
    push(TorchObjects.global(String.valueOf(module), String.valueOf(name)));
  }

  private void pushCall(Object arguments, Object callee) throws MalformedWeightsException {
    if (!(arguments instanceof List<?> list)) {
      throw new MalformedWeightsException("its pickle makes a call without arguments");
    }
    push(TorchObjects.call(callee, list));
  }

  private void pushBuilt(Object state, Object target) throws MalformedWeightsException {
    push(TorchObjects.build(target, state));
  }

  private Object integer(long bytes) throws IOException {
    byte[] digits = in.bytes(bytes);
    if (digits.length == 0) {
      return 0L;
    }
    byte[] bigEndian = new byte[digits.length];
    for (int i = 0; i < digits.length; i++) {
      bigEndian[i] = digits[digits.length - 1 - i];
    }
    BigInteger value = new BigInteger(bigEndian);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private void append(List<Object> values) throws MalformedWeightsException {
    if (!(peek() instanceof ArrayList<?>)) {
      throw new MalformedWeightsException("its pickle appends to what is no list");
    }
    @SuppressWarnings("unchecked") // only this class makes them
    List<Object> list = (List<Object>) peek();
    list.addAll(values);
  }

  private void setItems(List<Object> keysAndValues) throws MalformedWeightsException {
    if (!(peek() instanceof Map<?, ?>) || keysAndValues.size() % 2 != 0) {
      throw new MalformedWeightsException("its pickle puts into what is no dictionary");
    }
    @SuppressWarnings("unchecked") // only this class makes them, and TorchObjects
    Map<Object, Object> dictionary = (Map<Object, Object>) peek();
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      dictionary.put(key(keysAndValues.get(i)), keysAndValues.get(i + 1));
    }
  }

  private Object recall(long index) throws MalformedWeightsException {
    Object value = memo.get(index);
    if (value == null) {
      throw new MalformedWeightsException("its pickle refers to what it does not have");
    }
    return value;
  }

  private void push(Object value) throws MalformedWeightsException {
    if (++objects > MOST_OBJECTS) {
      throw new MalformedWeightsException("its pickle has more than " + MOST_OBJECTS + " objects");
    }
    stack.add(value);
  }

  private Object peek() throws MalformedWeightsException {
    if (stack.isEmpty()) {
      throw new MalformedWeightsException("its pickle takes more than there is");
    }
    return stack.get(stack.size() - 1);
  }

  private Object pop() throws MalformedWeightsException {
    Object value = peek();
    stack.remove(stack.size() - 1);
    return value;
  }

  /** The topmost values in the order in which they were pushed, which never changes. */
  private List<Object> tuple(int size) throws MalformedWeightsException {
    Object[] values = new Object[size];
    for (int i = size - 1; i >= 0; i--) {
      values[i] = pop();
    }
    return List.of(values);
  }

  private List<Object> popToMark() throws MalformedWeightsException {
    int mark = stack.lastIndexOf(MARK);
    if (mark < 0) {
      throw new MalformedWeightsException("its pickle takes more than there is");
    }
    List<Object> above = stack.subList(mark + 1, stack.size());
    List<Object> values = new ArrayList<>(above);
    above.clear();
    pop();
    return values;
  }
}
