package io.dicm.feature.weights;

import java.io.EOFException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * The format of {@code torch.save} before version 1.6, in which torchvision's VGG16 is still given
 * out: pickles of a magic number, the protocol's version, the machine's byte order, the objects and
 * the storages' keys; then each storage in the keys' order, its number of values as a 64-bit
 * integer before its values.
 */
final class TorchLegacy {
  private static final long PROTOCOL = 1001;

  private final PickleInput in;
  private final long fileBytes;
  private final PickleReader pickles;
  private final Map<String, String> types = new HashMap<>();
  private final Map<String, TorchStateDictionary.Range> places = new HashMap<>();

  private TorchLegacy(FSDataInputStream in, long fileBytes) {
    this.in = new PickleInput(in, 0, fileBytes);
    this.fileBytes = fileBytes;
    this.pickles = new PickleReader(this.in, storage -> types.put(storage.key(), storage.type()));
  }

  /** Finds the tensors of a file. */
  static Map<String, StoredTensor> index(FSDataInputStream in, long fileBytes) throws IOException {
    return new TorchLegacy(in, fileBytes).tensors();
  }

  private Map<String, StoredTensor> tensors() throws IOException {
    pickles.read(); // the magic number, which told the format
    Object protocol = pickles.read();
    if (!protocol.equals(PROTOCOL)) {
      throw new MalformedWeightsException(
          "its protocol is " + protocol + ", allowed is " + PROTOCOL);
    }
    if (!(pickles.read() instanceof Map<?, ?> machine)
        || !Boolean.TRUE.equals(machine.get("little_endian"))) {
      throw new MalformedWeightsException("its byte order is not little");
    }
    TorchStateDictionary dictionary = TorchStateDictionary.of(pickles.read());
    if (!(pickles.read() instanceof List<?> keys)) {
      throw new MalformedWeightsException("it has no list of its storages");
    }
    for (Object key : keys) {
      place(key);
    }
    return dictionary.stored(this::place);
  }

  private void place(Object key) throws IOException {
    if (!(key instanceof String name) || !types.containsKey(name)) {
      throw new MalformedWeightsException("it has a storage " + key + " without a type");
    }
    int elementBytes = TorchStateDictionary.elementBytes(types.get(name));
    try {
      long count = in.number(Long.BYTES);
      long begin = in.position();
      if (count < 0 || count > (Long.MAX_VALUE - begin) / elementBytes) {
        throw new MalformedWeightsException("its storage " + name + " has " + count + " values");
      }
      long end = begin + elementBytes * count;
      places.put(name, new TorchStateDictionary.Range(begin, end));
      in.skipTo(end);
    } catch (EOFException e) {
      // Where it would be is not known, but it is beyond the file's end.
      places.put(name, new TorchStateDictionary.Range(fileBytes, Long.MAX_VALUE));
    }
  }

  private TorchStateDictionary.Range place(TorchStorage storage) throws MalformedWeightsException {
    TorchStateDictionary.Range range = places.get(storage.key());
    if (range == null) {
      throw new MalformedWeightsException("it lacks its storage " + storage.key());
    }
    return range;
  }
}
