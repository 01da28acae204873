package io.dicm.trainer.model;

import io.dicm.feature.device.ComputeDevice;
import io.dicm.trainer.network.ParameterSet;
import io.dicm.trainer.network.Parameters;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * In each dimension the largest value of the behaviours' codes (arXiv 1711.06505, section 4.2). Of
 * equal values the first one counts, and all of the gradient goes to it.
 */
final class MaxPooling implements Aggregator {
  private final int codeWidth;

  MaxPooling(int codeWidth) {
    this.codeWidth = codeWidth;
  }

  @Override
  public int outputWidth() {
    return codeWidth;
  }

  @Override
  public void declare(ParameterSet set) {
    // Nothing is learned here.
  }

  @Override
  public Tensor aggregate(BehaviorCodes behaviors, Queries queries, Parameters parameters) {
    return behaviors.bags().max(behaviors.codes());
  }

  @Override
  public Pass begin(BehaviorCodes behaviors, Queries queries, Parameters parameters) {
    return new Maxima(behaviors.indices(), behaviors.codes());
  }

  /** Compared in plain Java: libtorch's way back adds a value at a time, dimension by dimension. */
  private static final class Maxima implements Pass {
    private static final int NONE = -1;

    private final ComputeDevice device;
    private final int behaviors;
    private final int width;
    private final int impressions;
    private final float[] values;

    /** Where in the codes each of {@link #values} is, [impressions, width]. */
    private final int[] places;

    Maxima(PreparedIndices indices, Tensor codes) {
      Bags bags = indices.indices().behaviorImages();
      this.device = indices.device();
      this.behaviors = (int) codes.size(0);
      this.width = (int) codes.size(1);
      this.impressions = bags.count();
      this.values = new float[impressions * width];
      this.places = new int[impressions * width];
      float[] table = device.read(codes);
      for (int bag = 0; bag < impressions; bag++) {
        for (int d = 0; d < width; d++) {
          int largest = largest(table, bags, bag, d);
          places[bag * width + d] = largest;
          values[bag * width + d] = largest == NONE ? 0 : table[largest];
        }
      }
    }

    private int largest(float[] table, Bags bags, int bag, int d) {
      int largest = NONE;
      for (int entry = bags.offsets()[bag]; entry < bags.end(bag); entry++) {
        int place = bags.rows()[entry] * width + d;
        // What is no number counts as the largest: the loss is to show it.
        if (largest == NONE || table[place] > table[largest] || Float.isNaN(table[place])) {
          largest = place;
        }
      }
      return largest;
    }

    @Override
    public Tensor output() {
      return device.of(values, impressions, width);
    }

    @Override
    public Gradients backward(Tensor gradient) {
      float[] back = new float[behaviors * width];
      float[] from = device.read(gradient);
      for (int i = 0; i < from.length; i++) {
        if (places[i] != NONE) {
          back[places[i]] += from[i];
        }
      }
      return new Gradients(device.of(back, behaviors, width), Queries.NONE, Map.of());
    }
  }
}
