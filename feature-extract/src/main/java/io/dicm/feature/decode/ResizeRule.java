package io.dicm.feature.decode;

/** How a picture of any shape becomes one of the network's shape. */
public enum ResizeRule {
  /** Width and height are scaled each by itself: nothing is lost, the aspect is. */
  STRETCH,
  /**
   * The short side is scaled to a length, the long side in proportion, then the middle is cut out:
   * what torchvision's Resize and CenterCrop do.
   */
  CROP
}
