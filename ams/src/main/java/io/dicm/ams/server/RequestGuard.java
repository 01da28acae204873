package io.dicm.ams.server;

import io.dicm.ams.client.StepRequest;
import io.dicm.ams.proto.ForwardRequest;
import io.dicm.ams.wire.KeyLists;
import io.dicm.ams.wire.StepMessages;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;

/**
 * Reads requests and refuses those that this server cannot answer, before they meet others': the
 * answer must fit a message, which is looked at before there is an array of the keys, and what they
 * ask for must be its own. Immutable.
 *
 * @param index this server
 * @param imageRowLength values that answer an image key; 0 where there are no images
 * @param idRowLength values that answer an ID key
 * @param limitBytes most bytes that keys and answer of a request may take
 */
record RequestGuard(int index, int servers, int imageRowLength, int idRowLength, long limitBytes) {
  /**
   * Reads one request.
   *
   * @throws DicmException {@link ErrorCode#INTERNAL}: only a defect or a stranger sends such a one
   */
  StepRequest read(ForwardRequest message) {
    checkSize(message);
    StepRequest request = StepMessages.record(message);
    checkKeys(message, request.adImageKeys());
    checkKeys(message, request.behaviorImageKeys());
    checkKeys(message, request.idKeys());
    return request;
  }

  private void checkSize(ForwardRequest message) {
    long images =
        (long) KeyLists.count(message.getAdImageKeys(), "ad_image_keys")
            + KeyLists.count(message.getBehaviorImageKeys(), "behavior_image_keys");
    if (images > 0 && imageRowLength == 0) {
      throw refused(message, "it asks for images, which the servers do not hold");
    }
    long ids = KeyLists.count(message.getIdKeys(), "id_keys");
    long values = images * imageRowLength + ids * idRowLength;
    long bytes = (images + ids) * Long.BYTES + values * Float.BYTES;
    if (bytes > limitBytes) {
      throw refused(
          message,
          (images + ids)
              + " keys and their answer would have "
              + bytes
              + " bytes, allowed "
              + limitBytes
              + ", which follows the server's heap. Use smaller batches or larger servers");
    }
  }

  private void checkKeys(ForwardRequest message, long[] keys) {
    for (long key : keys) {
      if (key == Fingerprints.NONE || Buckets.serverOf(key, servers) != index) {
        throw refused(message, "key " + key + " is not one of server " + index);
      }
    }
  }

  private static DicmException refused(ForwardRequest message, String why) {
    return new DicmException(
        ErrorCode.INTERNAL,
        "Cannot run step "
            + message.getStep()
            + " for worker "
            + message.getWorker()
            + ": "
            + why
            + ".");
  }
}
