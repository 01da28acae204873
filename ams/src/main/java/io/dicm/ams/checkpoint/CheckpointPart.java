package io.dicm.ams.checkpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import java.util.Map;

/**
 * What one server wrote of a checkpoint.
 *
 * @param server the server's index
 * @param servers how many there were
 * @param steps finished steps
 * @param denseFrom first index of its range of the dense parameters
 * @param denseLength of the whole dense vector, over all servers
 * @param denseStatistics of batches that the whole dense vector begins with; not in the file where
 *     there are none
 * @param denseUpdates that the dense parameters have had in their phase
 * @param densePhase of the training that they are in; not in the file where it is the first
 * @param networkUpdates that each network of the sub-model has had
 * @param networkLengths parameters of each network, over all servers; format 1 had none
 * @param idSettings of the ID embeddings' optimiser, by name, those that what it keeps for each
 *     value depends on; only FTRL has such, and none are in the files of older versions
 * @param weightSettings of the optimiser of the IDs' weights, in the same way; not in the file
 *     where there are none
 * @param subModelChecksum CRC-32C of the server's replica of the whole sub-model, 8 hexadecimal
 *     digits, the same on all servers; earlier versions wrote none, which is empty here
 * @param embeddingRows ID embeddings and candidates for one
 * @param files that it wrote, without the part's own description
 */
public record CheckpointPart(
    int server,
    int servers,
    long steps,
    int denseFrom,
    int denseLength,
    @JsonInclude(Include.NON_DEFAULT) int denseStatistics,
    long denseUpdates,
    @JsonInclude(Include.NON_DEFAULT) int densePhase,
    Map<String, Long> networkUpdates,
    Map<String, Integer> networkLengths,
    Map<String, Float> idSettings,
    @JsonInclude(Include.NON_EMPTY) Map<String, Float> weightSettings,
    String subModelChecksum,
    long embeddingRows,
    List<CheckpointFile> files) {
  public CheckpointPart {
    networkUpdates = Map.copyOf(networkUpdates);
    networkLengths = networkLengths == null ? Map.of() : Map.copyOf(networkLengths);
    idSettings = idSettings == null ? Map.of() : Map.copyOf(idSettings);
    weightSettings = weightSettings == null ? Map.of() : Map.copyOf(weightSettings);
    subModelChecksum = subModelChecksum == null ? "" : subModelChecksum;
    files = List.copyOf(files);
  }

  /** Of a training of one phase, without statistics of batches and without weights of IDs. */
  public CheckpointPart(
      int server,
      int servers,
      long steps,
      int denseFrom,
      int denseLength,
      long denseUpdates,
      Map<String, Long> networkUpdates,
      Map<String, Integer> networkLengths,
      Map<String, Float> idSettings,
      String subModelChecksum,
      long embeddingRows,
      List<CheckpointFile> files) {
    this(
        server,
        servers,
        steps,
        denseFrom,
        denseLength,
        0,
        denseUpdates,
        0,
        networkUpdates,
        networkLengths,
        idSettings,
        Map.of(),
        subModelChecksum,
        embeddingRows,
        files);
  }

  /** Whether the replicas of the sub-model that this part and another saw were the same. */
  boolean hasSubModelOf(CheckpointPart other) {
    return subModelChecksum.equals(other.subModelChecksum);
  }
}
