package io.dicm.trainer.model;

import io.dicm.trainer.network.ForwardPass;
import io.dicm.trainer.network.LinearLayer;
import io.dicm.trainer.network.ParameterSet;
import org.bytedeco.pytorch.Tensor;

/**
 * The head by which the image path trains alone before the whole model does (as in MAKE, Taobao
 * 2024: pictures bear more passes over the samples than IDs do). Nothing of it is used afterwards.
 */
final class ImageBranch {
  private static final int CLASSES = 2;

  private final LinearLayer head;

  /**
   * @param imageWidth width of the image path's output
   */
  ImageBranch(int imageWidth) {
    this.head = new LinearLayer("image_branch", imageWidth, CLASSES);
  }

  void declare(ParameterSet set) {
    head.declare(set);
  }

  /** [impressions, image width] to [impressions, 2]. */
  Tensor logits(Tensor images, ForwardPass pass) {
    return head.apply(images, pass.parameters());
  }
}
