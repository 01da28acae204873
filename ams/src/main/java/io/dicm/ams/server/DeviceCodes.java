package io.dicm.ams.server;

import org.bytedeco.pytorch.Tensor;

/**
 * Codes of a step's images, or their gradients, on the GPU that computes the sub-model. Neither
 * owned nor closed here.
 *
 * @param ads of the ad images, [a, code dimension], float32
 * @param behaviors of the behaviours' images, [b, code dimension], float32
 */
public record DeviceCodes(Tensor ads, Tensor behaviors) {}
