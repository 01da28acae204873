package io.dicm.ams.server;

import java.util.List;

/**
 * What the workers of a window get for its images.
 *
 * @param ads of the ad images by worker, [keys, image row length] each
 * @param behaviors of the behaviours' images by worker, [keys, image row length] each
 */
record ImageRows(List<float[]> ads, List<float[]> behaviors) {}
