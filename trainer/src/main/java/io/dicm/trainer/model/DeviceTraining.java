package io.dicm.trainer.model;

import io.dicm.ams.server.DeviceCodes;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.DeviceMark;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A training pass that a GPU has been told of and may still be computing. The gradients of codes
 * stay on the GPU; all else comes to the processor by one copy, which is waited for once. For one
 * thread.
 */
public final class DeviceTraining implements AutoCloseable {
  private final ComputeDevice device;
  private final DeviceCodes codeGradients;
  private final int[] lengths;
  private final Tensor beside;
  private final DeviceMark copied;

  /**
   * Begins the copy; within the caller's pointer scope.
   *
   * @param codeGradients of both tables of codes, laid out as they are
   * @param loss sum of the impressions' losses, [1]
   * @param clickProbabilities [impressions]
   * @param ids gradient, [n, row width]
   * @param dense gradient, flat
   */
  DeviceTraining(
      ComputeDevice device,
      DeviceCodes codeGradients,
      Tensor loss,
      Tensor clickProbabilities,
      Tensor ids,
      Tensor dense) {
    this.device = device;
    List<Tensor> parts = List.of(loss, clickProbabilities, ids, dense);
    this.lengths = parts.stream().mapToInt(part -> Math.toIntExact(part.numel())).toArray();
    TensorVector flat = new TensorVector();
    parts.forEach(part -> flat.push_back(part.reshape(-1)));
    Tensor all = torch.cat(flat, 0);
    Tensor there = device.gpu().pinned(ScalarType.Float, all.numel());
    there.copy_(all, true);
    this.copied = device.mark();
    copied.set();
    // From here on nothing fails: what outlives the caller's scope has its owner.
    this.codeGradients = new DeviceCodes(own(codeGradients.ads()), own(codeGradients.behaviors()));
    this.beside = there.retainReference();
  }

  /** A gradient is a part of what it is of, and would go with that. */
  private static Tensor own(Tensor gradient) {
    return new Tensor(gradient).retainReference();
  }

  /** Gradients of the sum of the impressions' losses by the codes; until {@link #close}. */
  public DeviceCodes codeGradients() {
    return codeGradients;
  }

  /**
   * All else; waits for what computes it, and not for what was begun after this.
   *
   * @return without the gradients of codes, whose arrays are empty
   */
  public StepOutcome await() {
    float[][] parts = new float[lengths.length][];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new float[lengths[i]];
    }
    copied.await();
    int from = 0;
    for (float[] part : parts) {
      device.readHere(beside, from, part);
      from += part.length;
    }
    return new StepOutcome(parts[0][0], parts[1], new float[0], new float[0], parts[2], parts[3]);
  }

  @Override
  public void close() {
    codeGradients.ads().close();
    codeGradients.behaviors().close();
    beside.close();
    copied.close();
  }
}
