package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A gated recurrent unit over sequences (GRU, as of arXiv 1809.03672): u = s(W_u x + U_u h + b_u),
 * r = s(W_r x + U_r h + b_r), h~ = tanh(W_h x + r * U_h h + b_h), new h = (1 - u) h + u h~, from
 * zeros on, with s the sigmoid. With attention a step's u is multiplied by its weight a (AUGRU), so
 * that what matters little hardly moves h.
 *
 * <p>The terms of x are computed for all steps at once; u's parameters come before r's.
 */
final class GatedRecurrence {
  private static final int GATES = 2;

  private final String name;
  private final int width;
  private final LinearLayer gates;
  private final LinearLayer candidate;

  /**
   * @param name prefix of the parameters
   * @param inputs width of x
   * @param width of h
   */
  GatedRecurrence(String name, int inputs, int width) {
    this.name = name;
    this.width = width;
    this.gates = new LinearLayer(name + ".gates", inputs, GATES * width);
    this.candidate = new LinearLayer(name + ".candidate", inputs, width);
  }

  void declare(ParameterSet set) {
    gates.declare(set);
    candidate.declare(set);
    Initial initial = new Initial.Uniform(1 / Math.sqrt(width));
    set.declare(name + ".gates.recurrent", initial, (long) GATES * width, width);
    set.declare(name + ".candidate.recurrent", initial, width, width);
  }

  /**
   * The terms of x.
   *
   * @param gates of u and r, [n, 2 width]
   * @param candidate of h~, [n, width]
   */
  record Terms(Tensor gates, Tensor candidate) {
    /** Those of chosen rows. */
    Terms gather(RowIndex index) {
      return new Terms(index.gather(gates), index.gather(candidate));
    }
  }

  /** [n, inputs] to its terms. */
  Terms terms(Tensor x, ForwardPass pass) {
    return new Terms(gates.apply(x, pass.parameters()), candidate.apply(x, pass.parameters()));
  }

  /**
   * What h was.
   *
   * @param all after each row's step, [rows, width]
   * @param before before each row's step, without the rows of the first step: [rows - sequences,
   *     width]; null when there is no second step
   * @param last after each sequence's last step, in the order of the steps, [sequences, width]
   */
  record States(Tensor all, Tensor before, Tensor last) {}

  /**
   * Goes through all sequences.
   *
   * @param terms of the rows of the steps, at least one
   * @param attention a, [rows], or null for a GRU
   */
  States run(Terms terms, Tensor attention, SequenceSteps steps, ForwardPass pass) {
    return new Run(terms, attention, steps, pass).states();
  }

  /** One way through the steps. */
  private final class Run {
    private final long[] sizes;
    private final TensorVector gateTerms;
    private final TensorVector candidateTerms;
    private final TensorVector attention;
    private final Tensor gateMatrix;
    private final Tensor candidateMatrix;

    Run(Terms terms, Tensor weights, SequenceSteps steps, ForwardPass pass) {
      this.sizes = steps.sizes();
      // Split at once: cut out one by one, each step's would go back through a table of all rows.
      this.gateTerms = torch.split_with_sizes(terms.gates(), sizes, 0);
      this.candidateTerms = torch.split_with_sizes(terms.candidate(), sizes, 0);
      this.attention =
          weights == null ? null : torch.split_with_sizes(weights.unsqueeze(1), sizes, 0);
      this.gateMatrix = pass.parameter(name + ".gates.recurrent").t();
      this.candidateMatrix = pass.parameter(name + ".candidate.recurrent").t();
    }

    States states() {
      TensorVector all = new TensorVector();
      TensorVector before = new TensorVector();
      TensorVector ended = new TensorVector();
      Tensor h = candidateTerms.get(0).new_zeros(sizes[0], width);
      for (int step = 0; step < sizes.length; step++) {
        h = next(h, step);
        all.push_back(h);
        long going = step + 1 < sizes.length ? sizes[step + 1] : 0;
        if (going < sizes[step]) {
          TensorVector parts = torch.split_with_sizes(h, going, sizes[step] - going);
          ended.push_back(parts.get(1));
          h = parts.get(0);
        }
        if (going > 0) {
          before.push_back(h);
        }
      }
      return new States(
          torch.cat(all, 0), before.empty() ? null : torch.cat(before, 0), reversed(ended));
    }

    private Tensor next(Tensor h, int step) {
      TensorVector gates =
          torch.addmm(gateTerms.get(step), h, gateMatrix).sigmoid_().chunk(GATES, 1);
      Tensor candidate =
          torch
              .addcmul(candidateTerms.get(step), gates.get(1), torch.mm(h, candidateMatrix))
              .tanh_();
      Tensor update = attention == null ? gates.get(0) : gates.get(0).mul(attention.get(step));
      return torch.lerp(h, candidate, update);
    }

    /** The longest sequences come first and end last. */
    private static Tensor reversed(TensorVector ended) {
      TensorVector longestFirst = new TensorVector();
      for (long i = ended.size() - 1; i >= 0; i--) {
        longestFirst.push_back(ended.get(i));
      }
      return torch.cat(longestFirst, 0);
    }
  }
}
