package io.dicm.feature.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes state dictionaries as {@code torch.save} does, in both of its formats, for tests: a
 * dictionary of tensors that look into storages.
 */
final class TorchFiles {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

  private final Map<String, Storage> storages = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private boolean littleEndian = true;
  private boolean parameters;
  private String wrapper = "";

  /** Values as they lie in a file. */
  record Storage(String type, int count, byte[] bytes) {}

  /** A tensor that looks into a storage. */
  record Tensor(String storage, long offset, long[] shape, long[] strides) {}

  static byte[] floats(float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  static byte[] shorts(int... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Short.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putShort((short) value);
    }
    return bytes.array();
  }

  TorchFiles storage(String key, String type, int count, byte[] bytes) {
    storages.put(key, new Storage(type, count, bytes));
    return this;
  }

  TorchFiles tensor(String name, String storage, long offset, long[] shape, long[] strides) {
    tensors.put(name, new Tensor(storage, offset, shape, strides));
    return this;
  }

  /** A float32 tensor without gaps in a storage of its own. */
  TorchFiles floats(String name, long[] shape, float... values) {
    String key = String.valueOf(storages.size());
    storage(key, "FloatStorage", values.length, floats(values));
    List<Long> dimensions = new ArrayList<>();
    for (long dimension : shape) {
      dimensions.add(dimension);
    }
    long[] strides =
        StoredTensor.rowMajor(dimensions).stream().mapToLong(Long::longValue).toArray();
    return tensor(name, key, 0, shape, strides);
  }

  TorchFiles bigEndian() {
    littleEndian = false;
    return this;
  }

  /** Tensors become parameters, made as PyTorch 0.1 made them, in a dictionary of Python 2. */
  TorchFiles asOfTheFirstVersions() {
    parameters = true;
    return this;
  }

  /** The dictionary becomes the value of a key in another one, beside a number. */
  TorchFiles within(String key) {
    wrapper = key;
    return this;
  }

  /** The format since version 1.6. */
  byte[] zip() {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("vgg16/data.pkl", pickle());
    entries.put(
        "vgg16/byteorder", (littleEndian ? "little" : "big").getBytes(StandardCharsets.US_ASCII));
    storages.forEach((key, storage) -> entries.put("vgg16/data/" + key, storage.bytes()));
    entries.put("vgg16/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    return zip(entries);
  }

  /** The format before. */
  byte[] legacy() {
    return legacy(pickle());
  }

  /** The former format with another pickle of the objects. */
  byte[] legacy(byte[] objects) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new PickleWriter().number(MAGIC).stop());
    out.writeBytes(new PickleWriter().number(1001).stop());
    out.writeBytes(
        new PickleWriter()
            .operation('}')
            .put()
            .mark()
            .text("protocol_version")
            .number(1001)
            .text("little_endian")
            .truth(littleEndian)
            .text("type_sizes")
            .operation('}')
            .put()
            .mark()
            .text("long")
            .number(4)
            .operation('u')
            .operation('u')
            .stop());
    out.writeBytes(objects);
    PickleWriter keys = new PickleWriter().operation(']').put().mark();
    storages.keySet().forEach(keys::text);
    out.writeBytes(keys.operation('e').stop());
    for (Storage storage : storages.values()) {
      out.writeBytes(
          ByteBuffer.allocate(Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(storage.count())
              .array());
      out.writeBytes(storage.bytes());
    }
    return out.toByteArray();
  }

  /** A zip archive of stored entries. */
  static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        ZipEntry header = new ZipEntry(entry.getKey());
        header.setMethod(ZipEntry.STORED);
        header.setSize(entry.getValue().length);
        CRC32 crc = new CRC32();
        crc.update(entry.getValue());
        header.setCrc(crc.getValue());
        // torch.save fills up to a multiple of 64 bytes the same way.
        header.setExtra(new byte[] {'F', 'B', 3, 0, 'Z', 'Z', 'Z'});
        zip.putNextEntry(header);
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The pickle of the dictionary. */
  byte[] pickle() {
    PickleWriter pickle = new PickleWriter();
    if (!wrapper.isEmpty()) {
      pickle.operation('}').put().mark().text("epoch").number(90).text(wrapper);
    }
    if (parameters) {
      writeFormerDictionary(pickle);
    } else {
      writeDictionary(pickle);
    }
    return wrapper.isEmpty() ? pickle.stop() : pickle.operation('u').stop();
  }

  private void writeDictionary(PickleWriter pickle) {
    pickle.orderedDictionary().mark();
    tensors.forEach(
        (name, tensor) -> {
          pickle.text(name);
          write(pickle, tensor, "_rebuild_tensor_v2");
        });
    // A state dictionary's attribute _metadata.
    pickle.operation('u').operation('}').put().text("_metadata").orderedDictionary();
    pickle.mark().text("").operation('}').put().text("version").number(1).operation('s');
    pickle.operation('u').operation('s').operation('b');
  }

  private void writeFormerDictionary(PickleWriter pickle) {
    pickle.global("collections", "OrderedDict").put().operation(']').put().mark();
    tensors.forEach(
        (name, tensor) -> {
          pickle.operation(']').put().mark().text(name);
          pickle.global("torch.nn.parameter", "Parameter").put();
          write(pickle, tensor, "_rebuild_tensor");
          pickle.operation(0x85).put().operation(0x81).put(); // TUPLE1, NEWOBJ
          pickle.mark().truth(true).truth(false).orderedDictionary().tuple().put().operation('b');
          pickle.operation('e');
        });
    pickle.operation('e').operation(0x85).put().operation('R').put();
  }

  private void write(PickleWriter pickle, Tensor tensor, String maker) {
    Storage storage = storages.get(tensor.storage());
    pickle.global("torch._utils", maker).put().mark();
    pickle.storage(storage.type(), tensor.storage(), storage.count());
    pickle.number(tensor.offset()).numbers(tensor.shape()).numbers(tensor.strides());
    if (maker.endsWith("_v2")) {
      pickle.truth(false).orderedDictionary();
    }
    pickle.tuple().put().operation('R').put();
  }
}
