package io.dicm.trainer.model;

import io.dicm.trainer.network.ParameterSet;
import io.dicm.trainer.network.Parameters;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * The codes of an impression's latest behaviours side by side, the newest first, and zeros where
 * there are fewer (arXiv 1711.06505, section 4.2): place 0 is the newest behaviour's whatever their
 * number. Each place is a bag of one row or of none.
 */
final class Concatenation implements Aggregator {
  private final int codeWidth;
  private final int places;

  /**
   * @param codeWidth width of a code
   * @param places behaviours side by side; older ones are left out
   */
  Concatenation(int codeWidth, int places) {
    this.codeWidth = codeWidth;
    this.places = places;
  }

  @Override
  public int outputWidth() {
    return places * codeWidth;
  }

  @Override
  public void declare(ParameterSet set) {
    // Nothing is learned here.
  }

  @Override
  public Tensor aggregate(BehaviorCodes behaviors, Queries queries, Parameters parameters) {
    return places(behaviors).output();
  }

  @Override
  public Pass begin(BehaviorCodes behaviors, Queries queries, Parameters parameters) {
    return places(behaviors);
  }

  private Places places(BehaviorCodes behaviors) {
    PreparedIndices indices = behaviors.indices();
    Bags newestFirst = newestFirst(indices.indices().behaviorImages());
    return new Places(newestFirst, indices, behaviors.codes(), outputWidth());
  }

  /** A bag for each place of each impression. */
  private Bags newestFirst(Bags behaviors) {
    int[] offsets = new int[Math.multiplyExact(behaviors.count(), places)];
    int[] rows = new int[Math.min(behaviors.rows().length, offsets.length)];
    int count = 0;
    for (int bag = 0; bag < behaviors.count(); bag++) {
      int end = behaviors.end(bag);
      for (int place = 0; place < places; place++) {
        offsets[bag * places + place] = count;
        if (end - 1 - place >= behaviors.offsets()[bag]) {
          rows[count++] = behaviors.rows()[end - 1 - place];
        }
      }
    }
    return new Bags(Arrays.copyOf(rows, count), offsets);
  }

  private record Places(Bags bags, PreparedIndices indices, Tensor codes, int width)
      implements Pass {
    @Override
    public Tensor output() {
      return indices.bags(bags).sum(codes).view(-1, width);
    }

    @Override
    public Gradients backward(Tensor gradient) {
      BagGradients back = indices.gradients(bags, (int) codes.size(0));
      Tensor ofPlaces = gradient.contiguous().view(-1, codes.size(1));
      return new Gradients(back.ofSum(ofPlaces), Queries.NONE, Map.of());
    }
  }
}
