package io.dicm.feature.job;

import io.dicm.feature.decode.RejectedImage;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.io.Writable;

/** A mapper's input: an image file's bytes, or why they were not read. */
public final class InputImage implements Writable {
  private String imageId = "";
  private String path = "";
  private byte[] bytes = new byte[0];
  private RejectedImage rejection;

  /** For Hadoop, which fills it by {@link #readFields}. */
  public InputImage() {}

  private InputImage(String imageId, String path, byte[] bytes, RejectedImage rejection) {
    this.imageId = imageId;
    this.path = path;
    this.bytes = bytes;
    this.rejection = rejection;
  }

  /** A file that was read; the bytes are not copied. */
  public static InputImage of(String imageId, String path, byte[] bytes) {
    return new InputImage(imageId, path, bytes, null);
  }

  /** A file that was not read. */
  public static InputImage rejected(String imageId, String path, RejectedImage rejection) {
    return new InputImage(imageId, path, new byte[0], rejection);
  }

  public String imageId() {
    return imageId;
  }

  public String path() {
    return path;
  }

  /** The file's bytes; empty when it was rejected. */
  public byte[] bytes() {
    return bytes;
  }

  /** Why the file was not read, if it was not. */
  public Optional<RejectedImage> rejection() {
    return Optional.ofNullable(rejection);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeUTF(imageId);
    out.writeUTF(path);
    out.writeInt(bytes.length);
    out.write(bytes);
    RejectionFields.write(out, rejection);
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    imageId = in.readUTF();
    path = in.readUTF();
    bytes = new byte[in.readInt()];
    in.readFully(bytes);
    rejection = RejectionFields.read(in);
  }
}
