package io.dicm.ams.server;

import io.dicm.ams.client.StepRequest;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Collections;
import java.util.List;

/** A server without images: workers have them. */
final class NoImages implements ImagePath {
  private static final float[] NOTHING = {};

  private final ReferenceCounts references = new ReferenceCounts();

  @Override
  public int rowLength() {
    return 0;
  }

  @Override
  public boolean trainsImages() {
    return false;
  }

  @Override
  public ImageStep forward(List<StepRequest> requests) {
    for (StepRequest request : requests) {
      if (request.adImageKeys().length + request.behaviorImageKeys().length > 0) {
        throw new DicmException(
            ErrorCode.INTERNAL,
            "Cannot run step "
                + request.step()
                + ": a worker asked for images, which the servers do not hold.");
      }
    }
    List<float[]> nothing = Collections.nCopies(requests.size(), NOTHING);
    return new UntrainedStep(new ImageRows(nothing, nothing));
  }

  @Override
  public ReferenceCounts references() {
    return references;
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
