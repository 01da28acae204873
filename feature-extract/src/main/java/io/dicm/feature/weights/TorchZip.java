package io.dicm.feature.weights;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * The zip format of {@code torch.save}: under the archive's own name {@code data.pkl}, the pickle;
 * {@code data/KEY}, each storage; {@code byteorder}, since version 2.1.
 */
final class TorchZip {
  private static final String PICKLE = "data.pkl";

  /** What only a TorchScript module has. */
  private static final String CONSTANTS = "constants.pkl";

  private final FSDataInputStream in;
  private final Map<String, ZipIndex.Entry> entries;
  private final String folder;

  private TorchZip(FSDataInputStream in, Map<String, ZipIndex.Entry> entries, String folder) {
    this.in = in;
    this.entries = entries;
    this.folder = folder;
  }

  /** Finds the tensors of a file. */
  static Map<String, StoredTensor> index(FSDataInputStream in, long fileBytes) throws IOException {
    Map<String, ZipIndex.Entry> entries = ZipIndex.read(in, fileBytes);
    String pickle =
        entries.keySet().stream()
            .filter(name -> name.endsWith("/" + PICKLE))
            .findFirst()
            .orElseThrow(
                () ->
                    new MalformedWeightsException(
                        "it is a zip archive without data.pkl, so not of torch.save"));
    String folder = pickle.substring(0, pickle.length() - PICKLE.length());
    if (entries.containsKey(folder + CONSTANTS)) {
      throw new MalformedWeightsException(
          "it is a TorchScript module, which dicm.extract.encoder=torchscript takes");
    }
    return new TorchZip(in, entries, folder).tensors();
  }

  private Map<String, StoredTensor> tensors() throws IOException {
    checkByteOrder();
    ZipIndex.Entry pickle = stored(PICKLE);
    PickleInput input = new PickleInput(in, pickle.begin(), pickle.begin() + pickle.bytes());
    return TorchStateDictionary.of(new PickleReader(input).read())
        .stored(
            storage -> {
              ZipIndex.Entry data = stored("data/" + storage.key());
              return new TorchStateDictionary.Range(data.begin(), data.begin() + data.bytes());
            });
  }

  private void checkByteOrder() throws IOException {
    if (!entries.containsKey(folder + "byteorder")) {
      return; // written before there were others
    }
    ZipIndex.Entry entry = stored("byteorder");
    PickleInput input = new PickleInput(in, entry.begin(), entry.begin() + entry.bytes());
    String order = input.text(entry.bytes());
    if (!order.equals("little")) {
      throw new MalformedWeightsException("its byte order is '" + order + "', allowed is little");
    }
  }

  private ZipIndex.Entry stored(String name) throws MalformedWeightsException {
    ZipIndex.Entry entry = entries.get(folder + name);
    if (entry == null) {
      throw new MalformedWeightsException("its zip archive has no entry " + folder + name);
    }
    if (!entry.stored()) {
      throw new MalformedWeightsException(
          "the entry " + folder + name + " of its zip archive is compressed; torch.save leaves it");
    }
    return entry;
  }
}
