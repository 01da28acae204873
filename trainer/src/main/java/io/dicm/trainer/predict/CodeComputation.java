package io.dicm.trainer.predict;

import io.dicm.ams.shard.VectorScaling;
import io.dicm.ams.submodel.CodeNetwork;
import io.dicm.ams.submodel.SubModel;
import io.dicm.feature.store.FeaturePart;
import io.dicm.feature.store.FeatureRecord;
import java.io.IOException;
import java.util.function.LongPredicate;
import org.apache.hadoop.fs.Path;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;

/**
 * Computes both codes of images from their vectors, some hundred at a time. For one thread.
 *
 * @param subModel makes the codes; without networks they are the scaled vectors
 * @param scaling of the vectors
 * @param adCodes gets the ad codes
 * @param behaviorCodes gets the behaviour codes
 */
record CodeComputation(
    SubModel subModel, VectorScaling scaling, VectorTable adCodes, VectorTable behaviorCodes) {
  private static final int IMAGES_PER_BATCH = 256;
  private static final Path STORE = new Path("feature-store");

  /** Computes the codes of those images of the store that are wanted. */
  void run(FeaturePart pictures, LongPredicate wanted) throws IOException {
    Vectors vectors = new Vectors(scaling.mean().length);
    pictures.scanImages(
        wanted,
        image -> {
          vectors.add(image);
          if (vectors.count == IMAGES_PER_BATCH) {
            compute(vectors);
          }
        });
    if (vectors.count > 0) {
      compute(vectors);
    }
  }

  private void compute(Vectors vectors) {
    if (subModel.networks().isEmpty()) {
      put(vectors, vectors.values, vectors.dimension, adCodes);
      put(vectors, vectors.values, vectors.dimension, behaviorCodes);
    } else {
      put(vectors, subModel.ad(), adCodes);
      put(vectors, subModel.behavior(), behaviorCodes);
    }
    vectors.count = 0;
  }

  private static void put(Vectors vectors, CodeNetwork network, VectorTable table) {
    float[] codes;
    try (PointerScope scope = new PointerScope()) {
      codes = network.codes(vectors.tensor());
    }
    put(vectors, codes, network.codeDimension(), table);
  }

  private static void put(Vectors vectors, float[] codes, int codeDimension, VectorTable table) {
    for (int row = 0; row < vectors.count; row++) {
      table.add(STORE, vectors.keys[row], codes, row * codeDimension);
    }
  }

  /** Scaled vectors of a batch, [rows, dimension]. */
  private final class Vectors {
    private final int dimension;
    private final float[] values;
    private final long[] keys = new long[IMAGES_PER_BATCH];
    private int count;

    Vectors(int dimension) {
      this.dimension = dimension;
      this.values = new float[IMAGES_PER_BATCH * dimension];
    }

    void add(FeatureRecord image) {
      float[] vector = image.feature().clone();
      scaling.apply(vector);
      System.arraycopy(vector, 0, values, count * dimension, dimension);
      keys[count++] = image.imageKey();
    }

    Tensor tensor() {
      return AbstractTensor.create(values, IMAGES_PER_BATCH, dimension).narrow(0, 0, count);
    }
  }
}
