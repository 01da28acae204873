package io.dicm.feature.encode;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.hadoop.conf.Configuration;

/** Finds the kinds of encoders on the class path. */
public final class EncoderProviders {
  private EncoderProviders() {}

  /**
   * The kind that {@code dicm.extract.encoder} names, with vectors of the precision that {@code
   * dicm.extract.vector-precision} names.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} naming the kinds that there are
   */
  public static EncoderProvider configured(Configuration conf) {
    DicmConfiguration settings = DicmConfiguration.of(conf);
    return settings
        .choice(DicmKeys.EXTRACT_VECTOR_PRECISION, StoredPrecision.class)
        .apply(named(settings.required(DicmKeys.EXTRACT_ENCODER)));
  }

  private static EncoderProvider named(String wanted) {
    List<EncoderProvider> providers =
        ServiceLoader.load(EncoderProvider.class, EncoderProvider.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    return providers.stream()
        .filter(provider -> provider.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new DicmException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "Cannot use "
                        + DicmKeys.EXTRACT_ENCODER
                        + ": was '"
                        + wanted
                        + "', allowed is one of "
                        + String.join(", ", providers.stream().map(EncoderProvider::name).toList())
                        + "."));
  }
}
