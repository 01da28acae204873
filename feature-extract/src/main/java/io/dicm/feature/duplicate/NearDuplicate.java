package io.dicm.feature.duplicate;

/**
 * One image of a group, compared with the group's representative. It is near at least one image of
 * the group, which need not be the representative: distance and cosine may be outside the limits.
 *
 * @param imageId the image
 * @param imageKey {@code Fingerprints.imageKey(imageId)}
 * @param hammingDistance bits in which the perceptual hashes differ; 0 for the representative
 * @param cosine of the vectors; 1 for the representative
 */
public record NearDuplicate(String imageId, long imageKey, int hammingDistance, double cosine) {}
