package io.dicm.ams.reduce;

import io.dicm.ams.dense.DenseRange;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.OptimizerState;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** A replica in arrays, trained by Adam; for tests. */
final class ArrayReplica implements Replica {
  private static final Adam ADAM = new Adam();

  final float[][] values;
  private final OptimizerState[] own;
  private final long[] updates;

  ArrayReplica(int[] lengths, int server, int servers) {
    values = new float[lengths.length][];
    own = new OptimizerState[lengths.length];
    updates = new long[lengths.length];
    for (int network = 0; network < lengths.length; network++) {
      float[] initial = new float[lengths[network]];
      for (int i = 0; i < initial.length; i++) {
        initial[i] = (float) Math.sin(31 * network + i);
      }
      values[network] = initial;
      DenseRange range = DenseRange.of(initial.length, server, servers);
      own[network] =
          OptimizerState.startingAt(Arrays.copyOfRange(initial, range.from(), range.to()), ADAM);
    }
  }

  @Override
  public int[] lengths() {
    return Arrays.stream(values).mapToInt(network -> network.length).toArray();
  }

  @Override
  public void update(int network, float[] gradient, float learningRate) {
    updates[network]++;
    OptimizerState state = own[network];
    ADAM.update(state, 0, state.length(), gradient, 0, updates[network], learningRate);
  }

  @Override
  public long updates(int network) {
    return updates[network];
  }

  @Override
  public FloatBuffer ownValues(int network) {
    return FloatBuffer.wrap(own[network].values());
  }

  @Override
  public void put(int network, int from, FloatBuffer newValues) {
    newValues.get(newValues.position(), values[network], from, newValues.remaining());
  }

  @Override
  public int checksum() {
    return Arrays.deepHashCode(values);
  }
}
