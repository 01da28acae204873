package io.dicm.app.plan;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Counts that stand for data which is not there yet.
 *
 * @param images with a vector
 * @param samples impressions of one pass over the training data
 * @param nodes servers, and as many workers
 * @param batchSize impressions of one worker's step
 * @param imagesPerSample images that an impression refers to, the shown item's included
 * @param uniqueImageRatio of the references in a mini-batch of all workers, the share that is left
 *     when each image counts once, above 0 to 1; nothing: as if all images were referred to equally
 *     often, which is an upper bound
 * @param idsPerSample ID embeddings that a mini-batch moves for each impression, each ID of a batch
 *     once
 * @param idRows different IDs of all features
 * @param sampleBytes stored bytes of an impression's sample
 * @param dimension floats of an image vector
 * @param embeddingDimension floats of an ID embedding
 * @param days that the samples are of
 */
public record AssumedCounts(
    double images,
    double samples,
    int nodes,
    int batchSize,
    double imagesPerSample,
    OptionalDouble uniqueImageRatio,
    double idsPerSample,
    double idRows,
    double sampleBytes,
    int dimension,
    int embeddingDimension,
    double days) {
  /** Names and defaults; nothing: must be given. In the order of the documentation. */
  private static final Map<String, Optional<String>> KEYS = keys();

  private static final String UNIQUE = "unique-image-ratio";

  private static final double MOST = 1e15;

  private static Map<String, Optional<String>> keys() {
    Map<String, Optional<String>> keys = new LinkedHashMap<>();
    keys.put("images", Optional.empty());
    keys.put("samples", Optional.empty());
    keys.put("nodes", Optional.of("2"));
    keys.put("batch-size", Optional.of("1024"));
    keys.put("images-per-sample", Optional.of("31"));
    keys.put(UNIQUE, Optional.of("as of images that are equally popular"));
    keys.put("ids-per-sample", Optional.of("30"));
    keys.put("id-rows", Optional.of("0"));
    keys.put("sample-bytes", Optional.of("1000"));
    keys.put("dimension", Optional.of("4096"));
    keys.put("embedding-dimension", Optional.of("12"));
    keys.put("days", Optional.of("1"));
    return keys;
  }

  /** Names of all counts with their defaults, for help texts. */
  public static String describeKeys() {
    StringBuilder text = new StringBuilder();
    KEYS.forEach(
        (key, value) ->
            text.append("  ")
                .append(key)
                .append(value.map(usual -> " (" + usual + ")").orElse(" (needed)"))
                .append('\n'));
    return text.toString();
  }

  /**
   * The counts that were given, and defaults for the others.
   *
   * @param given by name; numbers such as 120000000, 0.12e9 or 32.6
   * @throws DicmException {@link ErrorCode#USAGE} naming the count, its value and what is allowed
   */
  public static AssumedCounts of(Map<String, String> given) {
    for (String name : given.keySet()) {
      if (!KEYS.containsKey(name)) {
        throw refused(
            "there is no count '" + name + "'; known are " + String.join(", ", KEYS.keySet()));
      }
    }
    return new AssumedCounts(
        number(given, "images", 1, MOST),
        number(given, "samples", 1, MOST),
        (int) number(given, "nodes", 1, 10_000),
        (int) number(given, "batch-size", 1, 1 << 20),
        number(given, "images-per-sample", 0, 1e6),
        given.containsKey(UNIQUE)
            ? OptionalDouble.of(number(given, UNIQUE, 1e-9, 1))
            : OptionalDouble.empty(),
        number(given, "ids-per-sample", 0, 1e6),
        number(given, "id-rows", 0, MOST),
        number(given, "sample-bytes", 0, 1e9),
        (int) number(given, "dimension", 1, 1 << 20),
        (int) number(given, "embedding-dimension", 1, 4096),
        number(given, "days", 1, 100_000));
  }

  private static double number(Map<String, String> given, String name, double least, double most) {
    String text = Optional.ofNullable(given.get(name)).or(() -> KEYS.get(name)).orElse("");
    try {
      double value = new BigDecimal(text.strip()).doubleValue();
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw refused(
        text.isEmpty()
            ? "'" + name + "' is needed"
            : "%s was '%s', allowed is a number from %s to %s"
                .formatted(name, text, plain(least), plain(most)));
  }

  private static String plain(double number) {
    return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }

  private static DicmException refused(String why) {
    return new DicmException(ErrorCode.USAGE, "Cannot assume counts: " + why + ".");
  }

  /** The same business, so many times as large: images, samples and IDs. */
  public AssumedCounts grown(double factor) {
    return new AssumedCounts(
        images * factor,
        samples * factor,
        nodes,
        batchSize,
        imagesPerSample,
        uniqueImageRatio,
        idsPerSample,
        idRows * factor,
        sampleBytes,
        dimension,
        embeddingDimension,
        days);
  }

  /** Impressions of a mini-batch of all workers. */
  public double batchOfAll() {
    return (double) nodes * batchSize;
  }

  /** Mini-batches of all workers in one pass. */
  public double batches() {
    return samples / batchOfAll();
  }

  /** Images of a mini-batch of all workers, each once. */
  public double uniqueImagesOfBatch() {
    double references = batchOfAll() * imagesPerSample;
    return uniqueImageRatio.isPresent()
        ? Math.min(images, references * uniqueImageRatio.getAsDouble())
        : VectorCounts.different(images, references);
  }

  /** ID embeddings of a mini-batch of all workers. */
  public double idsOfBatch() {
    return batchOfAll() * idsPerSample;
  }

  /** Vectors of all images, spread evenly. */
  public VectorCounts vectors() {
    return VectorCounts.evenly("assumed", (long) images, dimension);
  }
}
