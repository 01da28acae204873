package io.dicm.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.key.Fingerprints;
import org.junit.jupiter.api.Test;

class TestPoissonWeights {

  @Test
  void weightsArePoissonOverUsersAndOverReplicates() {
    int replicates = 201;
    int users = 2_000;
    double[] sums = new double[replicates + 1];
    double[] counts = new double[10];
    double neighbors = 0;
    double[] weights = new double[replicates + 1];
    PoissonWeights poisson = new PoissonWeights(replicates);
    for (int user = 0; user < users; user++) {
      poisson.fill(Fingerprints.idKey("user_id", "u" + user), weights);
      assertThat(weights[0]).isEqualTo(1);
      for (int r = 1; r <= replicates; r++) {
        sums[r] += weights[r];
        counts[(int) weights[r]]++;
        neighbors += r == 1 ? 0 : (weights[r] - 1) * (weights[r - 1] - 1);
      }
    }
    double draws = (double) users * replicates;
    double probability = Math.exp(-1);
    for (int weight = 0; weight < 6; weight++) {
      double deviation = Math.sqrt(probability * (1 - probability) / draws);
      assertThat(counts[weight] / draws).isCloseTo(probability, within(4 * deviation + 1e-5));
      probability /= weight + 1;
    }
    assertThat(neighbors / draws).isCloseTo(0, within(4 / Math.sqrt(draws)));
    for (int r = 1; r <= replicates; r++) {
      assertThat(sums[r] / users).isCloseTo(1, within(5 / Math.sqrt(users)));
    }
  }

  @Test
  void fewerReplicatesAreTheFirstOfMore() {
    double[] few = new double[6];
    double[] many = new double[101];
    new PoissonWeights(5).fill(17, few);
    new PoissonWeights(100).fill(17, many);

    assertThat(many).startsWith(few);
  }
}
