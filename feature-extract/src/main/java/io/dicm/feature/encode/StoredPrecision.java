package io.dicm.feature.encode;

/** How exactly the feature store has vectors, whatever arithmetic they were computed in. */
enum StoredPrecision {
  FLOAT32 {
    @Override
    EncoderProvider apply(EncoderProvider provider) {
      return provider;
    }
  },
  FLOAT16 {
    @Override
    EncoderProvider apply(EncoderProvider provider) {
      return new HalfPrecisionProvider(provider);
    }
  };

  /** An encoder's vectors at this precision. */
  abstract EncoderProvider apply(EncoderProvider provider);
}
