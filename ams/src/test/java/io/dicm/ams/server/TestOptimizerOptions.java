package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.Ftrl;
import io.dicm.ams.optimizer.LearningRate;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.common.error.DicmException;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestOptimizerOptions {
  private static final LearningRate HALVED_EVERY_TEN = new LearningRate(0.01f, 0.5f, 10);
  private static final Offset<Float> ROUNDING = Offset.offset(1e-7f);

  private static OptimizerOptions options(Optimizer ids, float ratio) {
    return new OptimizerOptions(HALVED_EVERY_TEN, new Adam(), ids, ratio, 0);
  }

  @Test
  void idsFollowTheNetworksRateAtTheirRatio() {
    assertThat(options(new Adam(), 4).idRateAt(9)).isEqualTo(0.04f, ROUNDING);
    assertThat(options(new Adam(), 4).idRateAt(10)).isEqualTo(0.02f, ROUNDING);
  }

  @Test
  void ftrlKeepsItsFirstRate() {
    assertThat(options(new Ftrl(0, 0), 4).idRateAt(25)).isEqualTo(0.04f, ROUNDING);
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY})
  void refusesWhatIsNoRatio(float ratio) {
    assertThatThrownBy(() -> options(new Adam(), ratio))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("was " + ratio + " times that of the networks");
  }

  @Test
  void weightsFollowTheNetworksByTheirOwnRatio() {
    OptimizerOptions with =
        options(new Adam(), 4).withWeights(new WeightOptimizer(new Adam(), 0.5f));
    assertThat(with.weightRateAt(9)).isEqualTo(0.005f, ROUNDING);
    assertThat(with.weightRateAt(10)).isEqualTo(0.0025f, ROUNDING);
    assertThat(with.idRateAt(10)).isEqualTo(0.02f, ROUNDING);
    assertThat(with.weightSettings()).isEmpty();

    OptimizerOptions ftrl =
        options(new Adam(), 4).withWeights(new WeightOptimizer(new Ftrl(3, 2), 0.5f));
    assertThat(ftrl.weightRateAt(25)).isEqualTo(0.005f, ROUNDING);
    assertThat(ftrl.weightSettings()).isEqualTo(Map.of("learningRate", 0.005f, "l1", 3f, "l2", 2f));
    assertThat(ftrl.idSettings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY})
  void weightRatesAreAboveZero(float ratio) {
    assertThatThrownBy(() -> new WeightOptimizer(new Adam(), ratio))
        .hasMessage(
            "Cannot set up the model server: the learning rate of the IDs' weights was "
                + ratio
                + " times that of the networks, allowed > 0.");
  }
}
