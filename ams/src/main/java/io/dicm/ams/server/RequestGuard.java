package io.dicm.ams.server;

import io.dicm.ams.client.StepRequest;
import io.dicm.ams.wire.Channels;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;

/**
 * Refuses requests that this server cannot answer, before they meet others': what they ask for must
 * be its own, and the answer must fit a message. Immutable.
 *
 * @param index this server
 * @param imageRowLength values that answer an image key; 0 where there are no images
 * @param embeddingDimension values that answer an ID key
 */
record RequestGuard(int index, int servers, int imageRowLength, int embeddingDimension) {
  /**
   * Checks one request.
   *
   * @throws DicmException {@link ErrorCode#INTERNAL}: only a defect or a stranger sends such a one
   */
  void check(int worker, StepRequest request) {
    long images = (long) request.adImageKeys().length + request.behaviorImageKeys().length;
    if (images > 0 && imageRowLength == 0) {
      throw refused(worker, request, "it asks for images, which the servers do not hold");
    }
    long values = images * imageRowLength + (long) request.idKeys().length * embeddingDimension;
    if (values * Float.BYTES > Channels.MAX_MESSAGE_BYTES) {
      throw refused(
          worker,
          request,
          "the answer would have "
              + values * Float.BYTES
              + " bytes, allowed "
              + Channels.MAX_MESSAGE_BYTES);
    }
    checkKeys(worker, request, request.adImageKeys());
    checkKeys(worker, request, request.behaviorImageKeys());
    checkKeys(worker, request, request.idKeys());
  }

  private void checkKeys(int worker, StepRequest request, long[] keys) {
    for (long key : keys) {
      if (key == Fingerprints.NONE || Buckets.serverOf(key, servers) != index) {
        throw refused(worker, request, "key " + key + " is not one of server " + index);
      }
    }
  }

  private static DicmException refused(int worker, StepRequest request, String why) {
    return new DicmException(
        ErrorCode.INTERNAL,
        "Cannot run step " + request.step() + " for worker " + worker + ": " + why + ".");
  }
}
