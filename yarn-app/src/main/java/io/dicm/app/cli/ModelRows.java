package io.dicm.app.cli;

import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.AggregatorKind;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkChoice;
import io.dicm.trainer.model.NetworkNeeds;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.schema.FeatureSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What there is to choose from, with the parameters that each choice has for some features.
 *
 * @param schema the features
 * @param embeddingDimension floats of an ID embedding
 */
record ModelRows(FeatureSchema schema, int embeddingDimension) {
  static final List<String> FIELDS =
      List.of("option", "value", "parameters", "with_pictures", "floats_an_id", "what");

  private static final String NETWORK = "network";
  private static final String AGGREGATOR = "aggregator";
  private static final String NOT_COUNTED = "-";

  /** Networks on the side of IDs, then aggregators. */
  List<Map<String, String>> rows() {
    List<Map<String, String>> rows = new ArrayList<>();
    for (IdNetworkKind kind : IdNetworkKind.values()) {
      rows.add(network(kind));
    }
    int withoutPooling = parameters(IdNetworkKind.EMBEDDING_MLP, ImageMode.AD, Aggregation.USUAL);
    for (AggregatorKind kind : AggregatorKind.values()) {
      rows.add(aggregator(kind, withoutPooling));
    }
    return rows;
  }

  private Map<String, String> network(IdNetworkKind kind) {
    if (!NetworkNeeds.areMet(kind, schema)) {
      return row(NETWORK, kind.label(), NOT_COUNTED, NOT_COUNTED, NOT_COUNTED, kind.summary());
    }
    Aggregation aggregation = Aggregation.usual(kind);
    NetworkShape joint = shape(kind, ImageMode.JOINT, aggregation);
    return row(
        NETWORK,
        kind.label(),
        Integer.toString(parameters(kind, ImageMode.NONE, aggregation)),
        Integer.toString(parameters(kind, ImageMode.JOINT, aggregation)),
        Integer.toString(joint.rowWidth()),
        kind.summary());
  }

  /** What an aggregator adds to Embedding &amp; MLP with the shown picture alone. */
  private Map<String, String> aggregator(AggregatorKind kind, int withoutPooling) {
    int with = parameters(IdNetworkKind.EMBEDDING_MLP, ImageMode.JOINT, Aggregation.usual(kind));
    return row(
        AGGREGATOR,
        kind.label(),
        NOT_COUNTED,
        "+" + (with - withoutPooling),
        NOT_COUNTED,
        kind.summary());
  }

  private int parameters(IdNetworkKind kind, ImageMode images, Aggregation aggregation) {
    return new DicmNetwork(shape(kind, images, aggregation)).layout().length();
  }

  private NetworkShape shape(IdNetworkKind kind, ImageMode images, Aggregation aggregation) {
    return new NetworkChoice(images, aggregation, NetworkOptions.usual(kind), false)
        .shape(schema, embeddingDimension);
  }

  private static Map<String, String> row(String... values) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      row.put(FIELDS.get(i), values[i]);
    }
    return row;
  }
}
