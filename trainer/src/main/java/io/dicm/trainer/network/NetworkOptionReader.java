package io.dicm.trainer.network;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads {@link NetworkOptions} and refuses those that the network does not have. */
final class NetworkOptionReader {
  private static final int MOST_LAYERS = 16;
  private static final int MOST_WIDTH = 8192;
  private static final double MOST_DROPOUT = 0.95;
  private static final double MOST_AUXILIARY_WEIGHT = 1000;

  private final DicmConfiguration conf;
  private final NetworkOptions usual;

  NetworkOptionReader(DicmConfiguration conf) {
    this.conf = conf;
    this.usual = NetworkOptions.usual(conf.choice(DicmKeys.MODEL_NETWORK, IdNetworkKind.class));
  }

  NetworkOptions read() {
    return new NetworkOptions(
        usual.kind(),
        option(DicmKeys.MODEL_HIDDEN, NetworkOptions::hidden, this::widths),
        option(
            DicmKeys.MODEL_ACTIVATION,
            NetworkOptions::activation,
            key -> conf.choice(key, Activation.class)),
        option(
            DicmKeys.MODEL_DROPOUT,
            NetworkOptions::dropout,
            key -> conf.number(key, 0, MOST_DROPOUT)),
        option(
            DicmKeys.MODEL_PRODUCT,
            NetworkOptions::product,
            key -> conf.choice(key, ProductKind.class)),
        option(DicmKeys.MODEL_ATTENTION_HIDDEN, NetworkOptions::attentionHidden, this::widths),
        option(DicmKeys.MODEL_ATTENTION_SOFTMAX, NetworkOptions::attentionSoftmax, conf::flag),
        option(
            DicmKeys.MODEL_AUXILIARY_WEIGHT,
            NetworkOptions::auxiliaryWeight,
            key -> conf.number(key, 0, MOST_AUXILIARY_WEIGHT)));
  }

  private <T> T option(
      String key, Function<NetworkOptions, T> ofNetwork, Function<String, T> configured) {
    T usualValue = ofNetwork.apply(usual);
    if (conf.text(key).isEmpty()) {
      return usualValue;
    }
    if (usualValue == null) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s=%s with %s=%s: only %s has that option. Leave it out or choose another network."
              .formatted(
                  key,
                  conf.text(key),
                  DicmKeys.MODEL_NETWORK,
                  usual.kind().label(),
                  thoseWith(ofNetwork)));
    }
    return configured.apply(key);
  }

  private static String thoseWith(Function<NetworkOptions, ?> option) {
    return Arrays.stream(IdNetworkKind.values())
        .filter(kind -> option.apply(NetworkOptions.usual(kind)) != null)
        .map(IdNetworkKind::label)
        .collect(Collectors.joining(", "));
  }

  private List<Integer> widths(String key) {
    List<Integer> widths = new ArrayList<>();
    for (String part : conf.text(key).split("[-,]", -1)) {
      widths.add(width(key, part.trim()));
    }
    if (widths.size() > MOST_LAYERS) {
      throw invalid(key);
    }
    return widths;
  }

  private int width(String key, String text) {
    if (text.matches("[0-9]{1,4}")) {
      int width = Integer.parseInt(text);
      if (width >= 1 && width <= MOST_WIDTH) {
        return width;
      }
    }
    throw invalid(key);
  }

  private DicmException invalid(String key) {
    return new DicmException(
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use %s: was '%s', allowed is 1 to %d widths from 1 to %d, such as 200-80."
            .formatted(key, conf.text(key), MOST_LAYERS, MOST_WIDTH));
  }
}
