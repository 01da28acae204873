package io.dicm.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/**
 * One unit by values worked out by hand, with u = s(0.5 x + h + 0.25), r = s(-0.5 x + 0.5 h), h~ =
 * tanh(0.25 x + 2 r h - 0.1), over the sequences (2, -2) and (-2).
 */
class TestGatedRecurrence {
  private static final GatedRecurrence UNIT = new GatedRecurrence("g", 1, 1);
  private static final SequenceSteps STEPS = new SequenceSteps(new int[] {2, 1});

  @Test
  void goesThroughTheSteps() {
    // (2): u = s(1.25) = 0.77729986, h~ = tanh(0.4) = 0.37994896, h = u h~ = 0.29533428.
    // (2, -2): u = s(-1 + 0.29533428 + 0.25) = s(-0.45466572) = 0.38825202,
    //   r = s(1 + 0.14766714) = 0.75908455, 2 r h = 0.44836735,
    //   h~ = tanh(-0.5 + 0.44836735 - 0.1) = tanh(-0.15163265) = -0.15048108,
    //   h = 0.61174798 * 0.29533428 - 0.38825202 * 0.15048108 = 0.12224556.
    // (-2): u = s(-0.75) = 0.32082130, h~ = tanh(-0.6) = -0.53704957, h = -0.17229694.
    try (PointerScope scope = new PointerScope()) {
      GatedRecurrence.States states = run(null);
      assertClose(states.all(), 0.29533428, -0.17229694, 0.12224556);
      assertClose(states.before(), 0.29533428);
      assertClose(states.last(), 0.12224556, -0.17229694);
    }
  }

  @Test
  void attentionSlowsTheUpdate() {
    // (2), a = 0.25: u~ = 0.25 * 0.77729986 = 0.19432497, h = u~ * 0.37994896 = 0.07383357.
    // (2, -2), a = 0.75: u = s(-1 + 0.07383357 + 0.25) = s(-0.67616643) = 0.33711745,
    //   u~ = 0.25283809, r = s(1 + 0.03691678) = 0.73825466, 2 r h = 0.10901595,
    //   h~ = tanh(-0.6 + 0.10901595) = -0.45499711,
    //   h = 0.74716191 * 0.07383357 - 0.25283809 * 0.45499711 = -0.05987497.
    // (-2), a = 1: as without attention.
    try (PointerScope scope = new PointerScope()) {
      GatedRecurrence.States states = run(tensor(0.25, 1, 0.75));
      assertClose(states.all(), 0.07383357, -0.17229694, -0.05987497);
      assertClose(states.last(), -0.05987497, -0.17229694);
    }
  }

  @Test
  void nothingComesBeforeOneStep() {
    try (PointerScope scope = new PointerScope()) {
      ForwardPass pass = ForwardPass.inference(parameters());
      GatedRecurrence.States states =
          UNIT.run(
              UNIT.terms(tensor(2, -2).view(2, 1), pass),
              null,
              new SequenceSteps(new int[] {1, 1}),
              pass);
      assertThat(states.before()).isNull();
      assertClose(states.last(), 0.29533428, -0.17229694);
    }
  }

  private static GatedRecurrence.States run(Tensor attention) {
    ForwardPass pass = ForwardPass.inference(parameters());
    // Step by step: the first of both sequences, the second of the longer one.
    Tensor x = tensor(2, -2, -2).view(3, 1);
    return UNIT.run(UNIT.terms(x, pass), attention, STEPS, pass);
  }

  private static Parameters parameters() {
    Map<String, Tensor> byName = new HashMap<>();
    byName.put("g.gates.weight", tensor(0.5, -0.5).view(2, 1));
    byName.put("g.gates.bias", tensor(0.25, 0));
    byName.put("g.gates.recurrent", tensor(1, 0.5).view(2, 1));
    byName.put("g.candidate.weight", tensor(0.25).view(1, 1));
    byName.put("g.candidate.bias", tensor(-0.1));
    byName.put("g.candidate.recurrent", tensor(2).view(1, 1));
    return new Parameters(byName);
  }

  private static Tensor tensor(double... values) {
    return AbstractTensor.create(values, values.length);
  }

  private static void assertClose(Tensor found, double... expected) {
    double[] values = new double[(int) found.numel()];
    found.contiguous().data_ptr_double().get(values);
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).as("[%d]", i).isCloseTo(expected[i], within(1e-7));
    }
  }
}
