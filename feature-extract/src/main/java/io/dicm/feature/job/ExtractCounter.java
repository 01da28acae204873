package io.dicm.feature.job;

/** Counters of the job; rejections have one for each reason in a group of their own. */
public enum ExtractCounter {
  /** Images that are pictures. */
  IMAGES_DECODED,
  /** Images whose vector was computed. */
  IMAGES_ENCODED,
  /** Images whose bytes had not changed since their vector was computed. */
  IMAGES_REUSED,
  /** Images that were left out since the store must forget them. */
  IMAGES_FORGOTTEN,
  /** Forward passes of the network. */
  BATCHES,
  /** Time that the task's thread had the network compute or waited for it, ms. */
  ENCODE_MS,
  /** Time of decoding threads in pictures, ms; most of it beside the network's. */
  DECODE_MS,
  /** Time that the task's thread waited for decoders, ms; a GPU may compute meanwhile. */
  DECODE_WAIT_MS,
  /** Time of the map tasks from the first image to the last vector, ms. */
  MAP_MS;

  /** Group of the counters named by {@code RejectionReason}. */
  public static final String REJECTED_GROUP = "Rejected images";
}
