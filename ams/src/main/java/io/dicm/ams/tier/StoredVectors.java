package io.dicm.ams.tier;

import java.nio.ByteBuffer;

/**
 * What a server answers of the vectors of its images.
 *
 * @param vectors as its shard holds them, little-endian, in the order asked for without those that
 *     are missing
 * @param missing places in the list asked for of images without a vector, ascending
 */
public record StoredVectors(ByteBuffer vectors, int[] missing) {}
