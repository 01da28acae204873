package io.dicm.trainer.evaluate;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;

/** Lets Parquet's readers and input splits give {@link Prediction}s; made by Parquet by name. */
public final class PredictionReadSupport extends ReadSupport<Prediction> {
  @Override
  public ReadContext init(InitContext context) {
    return new ReadContext(PredictionTable.SCHEMA);
  }

  // Deprecated in Parquet 1.17 and abstract all the same: there is no other way to say it.
  @Override
  @SuppressWarnings("deprecation")
  public RecordMaterializer<Prediction> prepareForRead(
      Configuration conf, Map<String, String> metadata, MessageType file, ReadContext context) {
    return new PredictionMaterializer();
  }
}
