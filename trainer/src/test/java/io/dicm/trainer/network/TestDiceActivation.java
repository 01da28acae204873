package io.dicm.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** Dice by values worked out by hand; sigmoid(1) = 0.73105858, sigmoid(-1) = 0.26894142. */
class TestDiceActivation {
  private static final DiceActivation DICE = new DiceActivation("d", 2);

  @Test
  void trainsWithTheStatisticsOfTheBatch() {
    try (PointerScope scope = new PointerScope()) {
      ForwardPass pass = ForwardPass.training(parameters(0, 0, 1, 1, 0.5, 0), StepContext.PLAIN);
      // Unit 0 is 1 and 3: mean 2, variance 1. Unit 1 is -2 and 2: mean 0, variance 4.
      Tensor y = DICE.apply(tensor(1, -2, 3, 2).view(2, 2), pass);
      assertClose(
          y,
          1 * (0.26894142 + 0.73105858 * 0.5),
          -2 * 0.26894142,
          3 * (0.73105858 + 0.26894142 * 0.5),
          2 * 0.73105858);
      assertThat(pass.statistics()).containsOnlyKeys("d.mean", "d.mean_square");
      assertClose(pass.statistics().get("d.mean"), 2, 0);
      assertClose(pass.statistics().get("d.mean_square"), 5, 4);
    }
  }

  @Test
  void scoresWithTheStatisticsOfTheServers() {
    try (PointerScope scope = new PointerScope()) {
      // Unit 0: variance 4.25 - 0.5 * 0.5 = 4. Unit 1: 3.9 - 2 * 2 is rounding, so 0.
      ForwardPass pass = ForwardPass.inference(parameters(0.5, 2, 4.25, 3.9, 0.25, 0));
      Tensor y = DICE.apply(tensor(2.5, 2, -1.5, 3).view(2, 2), pass);
      assertClose(
          y,
          2.5 * (0.73105858 + 0.26894142 * 0.25),
          2 * 0.5,
          -1.5 * (0.26894142 + 0.73105858 * 0.25),
          3);
      assertThat(pass.statistics()).isEmpty();
    }
  }

  @Test
  void oneRowIsItsOwnMean() {
    try (PointerScope scope = new PointerScope()) {
      ForwardPass pass = ForwardPass.training(parameters(0, 0, 1, 1, 0.5, 0), StepContext.PLAIN);
      Tensor x = tensor(3, -4).set_requires_grad(true);
      Tensor y = DICE.apply(x.view(1, 2), pass);
      // p = 1/2, whatever s is, so its derivative is 0 and that of f is p + (1 - p) a.
      assertClose(y, 3 * 0.75, -4 * 0.5);
      torch.sum(y).backward();
      assertClose(x.grad(), 0.75, 0.5);
      assertClose(pass.statistics().get("d.mean_square"), 9, 16);
    }
  }

  @Test
  void beginsAsARectifierWithASoftThreshold() {
    ParameterSet set = new ParameterSet();
    new DiceActivation("d", 2).declare(set);
    assertThat(set.statisticCount()).isEqualTo(4);
    assertThat(set.layout().entries())
        .extracting(DenseLayout.Entry::name)
        .containsExactly("d.mean", "d.mean_square", "d.slope");
    assertThat(set.initialValues(1)).containsExactly(0, 0, 1, 1, 0, 0);
  }

  private static Parameters parameters(
      double mean0, double mean1, double square0, double square1, double slope0, double slope1) {
    return new Parameters(
        Map.of(
            "d.mean", tensor(mean0, mean1),
            "d.mean_square", tensor(square0, square1),
            "d.slope", tensor(slope0, slope1)));
  }

  private static Tensor tensor(double... values) {
    return AbstractTensor.create(values, values.length);
  }

  private static void assertClose(Tensor found, double... expected) {
    double[] values = new double[(int) found.numel()];
    found.contiguous().data_ptr_double().get(values);
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).as("[%d]", i).isCloseTo(expected[i], within(1e-6));
    }
  }
}
