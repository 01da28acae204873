package io.dicm.trainer.network;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * From behaviours one by one to an impression's interest (arXiv 1809.03672, interest extractor and
 * interest evolving layer): a GRU goes once over each sample's behaviours; then, for each
 * impression, a GRU with attention goes over the states h_t that it left, weighed by softmax_t(h_t
 * W e) with the shown item's e. States are as wide as a behaviour's embeddings, so that both can be
 * multiplied.
 */
final class InterestEvolution {
  private static final String NAME = "dien";
  private static final String ATTENTION = NAME + ".attention.weight";

  private final int width;
  private final double auxiliaryWeight;
  private final GatedRecurrence extraction;
  private final GatedRecurrence evolution;

  /**
   * @param width of a behaviour's embeddings side by side
   * @param auxiliaryWeight what the loss of {@link NextBehaviorLoss} is multiplied by
   */
  InterestEvolution(int width, double auxiliaryWeight) {
    this.width = width;
    this.auxiliaryWeight = auxiliaryWeight;
    this.extraction = new GatedRecurrence(NAME + ".extraction", width, width);
    this.evolution = new GatedRecurrence(NAME + ".evolution", width, width);
  }

  void declare(ParameterSet set) {
    extraction.declare(set);
    set.declare(ATTENTION, new Initial.Uniform(1 / Math.sqrt(width)), width, width);
    evolution.declare(set);
  }

  /**
   * The last state of each impression, zeros without behaviours; in training the auxiliary loss is
   * left in the pass.
   *
   * @param target e, [impressions, width]
   * @return [impressions, width]
   */
  Tensor interest(BehaviorRows behaviors, Tensor target, ForwardPass pass) {
    if (behaviors.rows().size(0) == 0) {
      return torch.zeros_like(target);
    }
    BehaviorSteps steps = new BehaviorSteps(behaviors);
    Tensor rows = steps.behaviors().gather(behaviors.rows());
    GatedRecurrence.States states =
        extraction.run(extraction.terms(rows, pass), null, steps.ofSamples(), pass);
    // Without a catalogue to draw from there is nothing to tell behaviours from.
    boolean tells = auxiliaryWeight > 0 && behaviors.drawn() != null && states.before() != null;
    if (pass.isTraining() && tells) {
      Tensor loss = nextBehaviorLoss(behaviors.drawn(), states.before(), rows, steps);
      // Losses are summed over impressions: each has the mean once.
      pass.addLoss(loss.mul(new Scalar(auxiliaryWeight * target.size(0))));
    }
    if (steps.ofImpressions().rows() == 0) {
      return torch.zeros_like(target);
    }
    Tensor attention = attention(states.all(), target, steps, pass);
    GatedRecurrence.Terms terms = evolution.terms(states.all(), pass).gather(steps.pairs());
    Tensor last = evolution.run(terms, attention, steps.ofImpressions(), pass).last();
    return steps.sequences().sum(last);
  }

  private static Tensor nextBehaviorLoss(
      DrawnItems drawn, Tensor before, Tensor rows, BehaviorSteps steps) {
    long count = before.size(0);
    Tensor next = rows.narrow(0, rows.size(0) - count, count);
    return NextBehaviorLoss.of(before, next, steps.drawn(drawn, (int) count).gather(drawn.rows()));
  }

  private Tensor attention(Tensor states, Tensor target, BehaviorSteps steps, ForwardPass pass) {
    Tensor queries = torch.mm(target, pass.parameter(ATTENTION).t());
    Tensor products = steps.pairs().gather(states).mul(steps.impressionOfPair().gather(queries));
    return steps.impressionOfPair().softmax(torch.sum(products, new long[] {1}));
  }
}
