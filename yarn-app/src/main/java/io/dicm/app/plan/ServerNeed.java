package io.dicm.app.plan;

/**
 * What one Advanced Model Server holds, and what its container gives for that; all in bytes.
 *
 * @param server its number, from 0
 * @param images with a vector
 * @param vectorBytes the vectors, outside the heap
 * @param nameBytes keys and names of the images, in the heap
 * @param idBytes ID embeddings with the optimiser's slots, outside the heap; an upper bound
 * @param subModelBytes values, optimiser's slots and gradients of the sub-model, outside the heap
 * @param room what the container gives
 */
public record ServerNeed(
    int server,
    long images,
    long vectorBytes,
    long nameBytes,
    long idBytes,
    long subModelBytes,
    ServerRoom room) {
  /** Whether the vectors, which are there from the start, fit. */
  public boolean vectorsFit() {
    return vectorBytes <= room.vectorBytes() && nameBytes <= room.nameBytes();
  }

  /** Whether the ID embeddings fit beside the vectors, once all IDs have been seen. */
  public boolean idsFit() {
    return vectorBytes + idBytes <= room.dataBytes();
  }

  /** The same need in another container. */
  ServerNeed in(ServerRoom other) {
    return new ServerNeed(server, images, vectorBytes, nameBytes, idBytes, subModelBytes, other);
  }
}
