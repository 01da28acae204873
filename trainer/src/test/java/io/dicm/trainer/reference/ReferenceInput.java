package io.dicm.trainer.reference;

import java.util.Arrays;
import java.util.List;

/**
 * A part of what a perceptron reads: a value, and where that value's gradient goes. Each is made
 * for one impression.
 */
sealed interface ReferenceInput {
  double[] value();

  /** Adds the gradients of everything that the value was made of. */
  void backward(double[] gradient);

  /** Several side by side. */
  record Concatenation(List<ReferenceInput> parts) implements ReferenceInput {
    @Override
    public double[] value() {
      return parts.stream().flatMapToDouble(part -> Arrays.stream(part.value())).toArray();
    }

    @Override
    public void backward(double[] gradient) {
      int from = 0;
      for (ReferenceInput part : parts) {
        int to = from + part.value().length;
        part.backward(Arrays.copyOfRange(gradient, from, to));
        from = to;
      }
    }
  }

  /**
   * The mean of a field's ID embeddings; zeros without any.
   *
   * @param rows names of the embeddings
   */
  record MeanOfIds(ReferenceParameters parameters, List<String> rows, int dimension)
      implements ReferenceInput {
    public MeanOfIds {
      rows.forEach(parameters::touch);
    }

    @Override
    public double[] value() {
      double[] mean = new double[dimension];
      for (String row : rows) {
        for (int d = 0; d < dimension; d++) {
          mean[d] += parameters.value(row)[d] / rows.size();
        }
      }
      return mean;
    }

    @Override
    public void backward(double[] gradient) {
      for (String row : rows) {
        for (int d = 0; d < dimension; d++) {
          parameters.gradient(row)[d] += gradient[d] / rows.size();
        }
      }
    }
  }

  /**
   * A picture's code.
   *
   * @param vector scaled; all zeros for a picture that the feature store does not have
   */
  record Code(
      ReferenceParameters parameters, ReferencePerceptron network, double[] vector, double[] value)
      implements ReferenceInput {
    static Code of(ReferenceParameters parameters, ReferencePerceptron network, double[] vector) {
      return new Code(parameters, network, vector, network.forward(parameters, vector));
    }

    @Override
    public void backward(double[] gradient) {
      network.backward(parameters, vector, gradient);
    }
  }

  /** What stands for no picture at all: zeros that nothing is learned from. */
  record NoCode(int dimension) implements ReferenceInput {
    @Override
    public double[] value() {
      return new double[dimension];
    }

    @Override
    public void backward(double[] gradient) {
      // It is made of nothing.
    }
  }

  /**
   * The last parts side by side, the last one first, and zeros up to the width.
   *
   * @param parts of one width
   * @param places how many at most
   */
  record Latest(List<ReferenceInput> parts, int places, int width) implements ReferenceInput {
    @Override
    public double[] value() {
      double[] value = new double[places * width];
      for (int place = 0; place < Math.min(places, parts.size()); place++) {
        System.arraycopy(of(place).value(), 0, value, place * width, width);
      }
      return value;
    }

    @Override
    public void backward(double[] gradient) {
      for (int place = 0; place < Math.min(places, parts.size()); place++) {
        of(place).backward(Arrays.copyOfRange(gradient, place * width, (place + 1) * width));
      }
    }

    private ReferenceInput of(int place) {
      return parts.get(parts.size() - 1 - place);
    }
  }

  /** The sum of parts of one width; zeros without any. */
  record Sum(List<ReferenceInput> parts, int width) implements ReferenceInput {
    @Override
    public double[] value() {
      double[] sum = new double[width];
      for (ReferenceInput part : parts) {
        double[] value = part.value();
        for (int d = 0; d < width; d++) {
          sum[d] += value[d];
        }
      }
      return sum;
    }

    @Override
    public void backward(double[] gradient) {
      parts.forEach(part -> part.backward(gradient));
    }
  }

  /** The largest value of parts of one width in each dimension; zeros without any. */
  record Maximum(List<ReferenceInput> parts, int width) implements ReferenceInput {
    @Override
    public double[] value() {
      double[] largest = new double[width];
      for (int d = 0; d < width && !parts.isEmpty(); d++) {
        largest[d] = parts.get(largest(d)).value()[d];
      }
      return largest;
    }

    @Override
    public void backward(double[] gradient) {
      for (int d = 0; d < width && !parts.isEmpty(); d++) {
        double[] ofOne = new double[width];
        ofOne[d] = gradient[d];
        parts.get(largest(d)).backward(ofOne);
      }
    }

    /** The first of equal ones. */
    private int largest(int d) {
      int largest = 0;
      for (int i = 1; i < parts.size(); i++) {
        largest = parts.get(i).value()[d] > parts.get(largest).value()[d] ? i : largest;
      }
      return largest;
    }
  }

  /**
   * Attentive pooling (arXiv 1711.06505, section 4.2): the sum of w_i v_i, w_i the weigher's answer
   * to [v_i ; q].
   *
   * @param codes v_i
   * @param query q
   * @param width of a code
   */
  record Attention(
      ReferenceParameters parameters,
      ReferencePerceptron weigher,
      List<ReferenceInput> codes,
      ReferenceInput query,
      int width)
      implements ReferenceInput {
    @Override
    public double[] value() {
      double[] pooled = new double[width];
      for (ReferenceInput code : codes) {
        double weight = weigher.forward(parameters, question(code))[0];
        double[] v = code.value();
        for (int d = 0; d < width; d++) {
          pooled[d] += weight * v[d];
        }
      }
      return pooled;
    }

    @Override
    public void backward(double[] gradient) {
      for (ReferenceInput code : codes) {
        double[] question = question(code);
        double[] v = code.value();
        double weight = weigher.forward(parameters, question)[0];
        double weightGradient = 0;
        for (int d = 0; d < width; d++) {
          weightGradient += gradient[d] * v[d];
        }
        double[] back = weigher.backward(parameters, question, new double[] {weightGradient});
        double[] codeGradient = Arrays.copyOf(back, width);
        for (int d = 0; d < width; d++) {
          codeGradient[d] += weight * gradient[d];
        }
        code.backward(codeGradient);
        query.backward(Arrays.copyOfRange(back, width, back.length));
      }
    }

    private double[] question(ReferenceInput code) {
      return new Concatenation(List.of(code, query)).value();
    }
  }
}
