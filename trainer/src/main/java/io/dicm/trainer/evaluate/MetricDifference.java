package io.dicm.trainer.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How one metric of one part of the impressions differs between two evaluations.
 *
 * @param slice as in {@link SliceMetrics}
 * @param value as in {@link SliceMetrics}
 * @param metric name of the metric
 * @param first the metric of the first evaluation
 * @param second the metric of the evaluation that it is compared against
 * @param difference first minus second
 * @param interval of the difference, whose replicates drew the same users for both; null when the
 *     evaluations have no replicates
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MetricDifference(
    String slice,
    String value,
    String metric,
    double first,
    double second,
    double difference,
    Interval interval) {}
