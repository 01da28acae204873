package io.dicm.trainer.evaluate;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hadoop.io.serializer.Deserializer;
import org.apache.hadoop.io.serializer.Serialization;
import org.apache.hadoop.io.serializer.Serializer;

/** Lets MRUnit copy the fields that evaluation reads. */
public final class PredictionSerialization implements Serialization<Prediction> {
  @Override
  public boolean accept(Class<?> type) {
    return type == Prediction.class;
  }

  @Override
  public Serializer<Prediction> getSerializer(Class<Prediction> type) {
    return new Serializer<>() {
      private DataOutputStream out;

      @Override
      public void open(OutputStream stream) {
        out = new DataOutputStream(stream);
      }

      @Override
      public void serialize(Prediction prediction) throws IOException {
        out.writeUTF(prediction.impressionId());
        out.writeUTF(prediction.userId());
        out.writeInt(prediction.label());
        out.writeDouble(prediction.probability());
        out.writeUTF(prediction.category());
        out.writeLong(prediction.sliceKeys().itemTrainExposures());
        out.writeInt(prediction.sliceKeys().itemAgeDays());
        out.writeInt(prediction.sliceKeys().behaviorCount());
        out.writeBoolean(prediction.sliceKeys().imagePresent());
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    };
  }

  @Override
  public Deserializer<Prediction> getDeserializer(Class<Prediction> type) {
    return new Deserializer<>() {
      private DataInputStream in;

      @Override
      public void open(InputStream stream) {
        in = new DataInputStream(stream);
      }

      @Override
      public Prediction deserialize(Prediction reused) throws IOException {
        return Predictions.of(
            in.readUTF(),
            in.readUTF(),
            in.readInt(),
            in.readDouble(),
            in.readUTF(),
            new SliceKeys(in.readLong(), in.readInt(), in.readInt(), in.readBoolean()));
      }

      @Override
      public void close() throws IOException {
        in.close();
      }
    };
  }
}
