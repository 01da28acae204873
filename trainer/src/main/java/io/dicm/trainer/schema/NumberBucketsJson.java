package io.dicm.trainer.schema;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import io.dicm.trainer.schema.NumberBuckets.Bounds;
import io.dicm.trainer.schema.NumberBuckets.Log;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Buckets in JSON: a list of bounds, or an object with the logarithm's base; null for none. */
final class NumberBucketsJson {
  private static final String LOG = "log";

  private NumberBucketsJson() {}

  /** What is written of buckets. */
  static Object value(NumberBuckets buckets) {
    return buckets instanceof Log log ? Map.of(LOG, log.base()) : ((Bounds) buckets).bounds();
  }

  /** Writes them. */
  static final class Writer extends JsonSerializer<Optional<NumberBuckets>> {
    @Override
    public void serialize(
        Optional<NumberBuckets> buckets, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writePOJO(buckets.map(NumberBucketsJson::value).orElse(null));
    }
  }

  /** Reads what {@link Writer} wrote. */
  static final class Reader extends JsonDeserializer<Optional<NumberBuckets>> {
    @Override
    public Optional<NumberBuckets> deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      JsonNode node = in.readValueAsTree();
      if (node.has(LOG)) {
        return Optional.of(new Log(node.get(LOG).asDouble()));
      }
      List<Double> bounds = new ArrayList<>();
      node.forEach(bound -> bounds.add(bound.asDouble()));
      return Optional.of(new Bounds(bounds));
    }

    @Override
    public Optional<NumberBuckets> getNullValue(DeserializationContext context) {
      return Optional.empty();
    }
  }
}
