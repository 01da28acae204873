package io.dicm.feature.job;

import io.dicm.feature.decode.RejectedImage;
import io.dicm.feature.store.FeatureRecord;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.io.Writable;

/**
 * A mapper's output: an image with its vector, or why it has none. Rejections take the same way as
 * vectors, so that only those of committed attempts count.
 */
public final class ExtractedImage implements Writable {
  private String imageId = "";
  private String path = "";
  private FeatureRecord feature;
  private RejectedImage rejection;
  private String knownDigest = "";

  /** For Hadoop, which fills it by {@link #readFields}. */
  public ExtractedImage() {}

  private ExtractedImage(
      String imageId,
      String path,
      FeatureRecord feature,
      RejectedImage rejection,
      String knownDigest) {
    this.imageId = imageId;
    this.path = path;
    this.feature = feature;
    this.rejection = rejection;
    this.knownDigest = knownDigest;
  }

  /** An image whose vector was computed now. */
  public static ExtractedImage of(String path, FeatureRecord feature) {
    return new ExtractedImage(feature.imageId(), path, feature, null, "");
  }

  /** An image whose file has the bytes of one that the store has a vector of. */
  public static ExtractedImage known(String imageId, String path, String contentDigest) {
    return new ExtractedImage(imageId, path, null, null, contentDigest);
  }

  /** An image without. */
  public static ExtractedImage rejected(String imageId, String path, RejectedImage rejection) {
    return new ExtractedImage(imageId, path, null, Objects.requireNonNull(rejection), "");
  }

  public String imageId() {
    return imageId;
  }

  /** Where the image came from. */
  public String path() {
    return path;
  }

  /**
   * The image with its vector, if it was computed now; otherwise there is a {@link #rejection}, or
   * it {@link #isKnown}.
   */
  public Optional<FeatureRecord> feature() {
    return Optional.ofNullable(feature);
  }

  /** Why there is no vector, if there is none. */
  public Optional<RejectedImage> rejection() {
    return Optional.ofNullable(rejection);
  }

  /** Whether the store has a vector of the same bytes. */
  public boolean isKnown() {
    return !knownDigest.isEmpty();
  }

  /** SHA-256 of the bytes that the store has a vector of; empty: it has none. */
  public String knownDigest() {
    return knownDigest;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeUTF(imageId);
    out.writeUTF(path);
    out.writeUTF(knownDigest);
    RejectionFields.write(out, rejection);
    if (feature != null) {
      out.writeLong(feature.imageKey());
      out.writeUTF(feature.contentDigest());
      out.writeInt(feature.width());
      out.writeInt(feature.height());
      out.writeLong(feature.extractedAtMs());
      out.writeLong(feature.perceptualHash());
      writeFloats(out, feature.feature());
    }
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    imageId = in.readUTF();
    path = in.readUTF();
    knownDigest = in.readUTF();
    rejection = RejectionFields.read(in);
    feature = rejection == null && !isKnown() ? readFeature(in) : null;
  }

  private FeatureRecord readFeature(DataInput in) throws IOException {
    long imageKey = in.readLong();
    String contentDigest = in.readUTF();
    int width = in.readInt();
    int height = in.readInt();
    long extractedAtMs = in.readLong();
    long perceptualHash = in.readLong();
    return new FeatureRecord(
        imageId,
        imageKey,
        contentDigest,
        readFloats(in),
        width,
        height,
        extractedAtMs,
        perceptualHash);
  }

  private static void writeFloats(DataOutput out, float[] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
    bytes.asFloatBuffer().put(values);
    out.writeInt(values.length);
    out.write(bytes.array());
  }

  private static float[] readFloats(DataInput in) throws IOException {
    float[] values = new float[in.readInt()];
    byte[] bytes = new byte[Float.BYTES * values.length];
    in.readFully(bytes);
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }
}
