package io.dicm.app.master.history;

/**
 * What the members of a training said at one moment.
 *
 * @param atMs milliseconds since 1970 UTC
 * @param steps that worker 0 has made
 * @param loss its running mean, nats
 * @param auc its latest; null before the first
 * @param gauc its latest; null before the first
 * @param impressions that all workers have trained on
 * @param serverSteps in sum over servers, since each one's start
 * @param waitMs in sum over servers, since each one's start
 * @param imageBytes moved for images by all servers since their start
 * @param rawVectorBytes what the same would have been as vectors
 */
public record TrainingSample(
    long atMs,
    long steps,
    double loss,
    Double auc,
    Double gauc,
    long impressions,
    long serverSteps,
    long waitMs,
    long imageBytes,
    long rawVectorBytes) {}
