package io.dicm.trainer.bench;

import java.util.List;

/**
 * What the steps of a {@link LargeStepPlan} took; medians.
 *
 * @param stepMs a whole step
 * @param forwardMs the server's forward half: vectors, codes, IDs
 * @param networkMs the worker's network, forward and backward
 * @param backwardMs the server's backward half, with all updates
 * @param samplesPerSecond by the whole step
 * @param imageGigaflops 10^9 operations a second of the sub-model's products, by the server's
 *     halves
 * @param losses mean loss of every step, those before the measured ones included
 */
public record LargeStepMeasurement(
    double stepMs,
    double forwardMs,
    double networkMs,
    double backwardMs,
    double samplesPerSecond,
    double imageGigaflops,
    List<Double> losses) {}
