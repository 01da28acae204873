package io.dicm.trainer.model;

import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.FloatPlaces;
import io.dicm.trainer.network.DenseLayout;
import io.dicm.trainer.network.Parameters;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** Makes tensors of the flat dense parameters, all by one copy to the device. Immutable. */
final class ParameterTensors {
  private final DenseLayout layout;
  private final int statisticCount;
  private final ComputeDevice device;
  private final FloatPlaces places;

  /**
   * @param statisticCount how many of the parameters, the first ones, are not learned
   * @param device where the tensors are
   */
  ParameterTensors(DenseLayout layout, int statisticCount, ComputeDevice device) {
    this(layout, statisticCount, device, FloatPlaces.on(device, counts(layout)));
  }

  /**
   * @param places of the layout's entries, in its order
   */
  ParameterTensors(
      DenseLayout layout, int statisticCount, ComputeDevice device, FloatPlaces places) {
    this.layout = layout;
    this.statisticCount = statisticCount;
    this.device = device;
    this.places = places;
  }

  /** How many values each entry of a layout has. */
  static int[] counts(DenseLayout layout) {
    return layout.entries().stream().mapToInt(DenseLayout.Entry::count).toArray();
  }

  /**
   * The parameters of a pass, in the caller's pointer scope.
   *
   * @param dense flat, as the layout says
   * @param gradients whether the learned ones collect their gradients
   */
  Parameters of(float[] dense, boolean gradients) {
    if (dense.length != layout.length()) {
      throw new IllegalArgumentException(
          "Dense parameters were " + dense.length + " values, needed " + layout.length());
    }
    Tensor flat = device.of(places.spread(dense), places.length());
    Map<String, Tensor> byName = new LinkedHashMap<>();
    Map<String, Float> scalars = new HashMap<>();
    List<DenseLayout.Entry> entries = layout.entries();
    for (int i = 0; i < entries.size(); i++) {
      DenseLayout.Entry entry = entries.get(i);
      Tensor values = flat.narrow(0, places.offset(i), places.count(i)).view(entry.shape());
      boolean learned = gradients && entry.offset() >= statisticCount;
      byName.put(entry.name(), values.set_requires_grad(learned));
      if (entry.count() == 1) {
        scalars.put(entry.name(), dense[entry.offset()]);
      }
    }
    return new Parameters(byName, scalars);
  }
}
