package io.dicm.trainer.bench;

import java.util.List;

/**
 * What the steps of a {@link LargeStepPlan} took; medians, unless said.
 *
 * @param kernels of our own that the steps used
 * @param stepMs a whole step
 * @param meanStepMs all steps by their number, the device being idle before and after them, as
 *     programs beside ours say it
 * @param arraysStepMs a whole step whose codes and their gradients go by Java's arrays, as between
 *     processes; the processor has no other way
 * @param forwardMs of such a step the server's forward half: vectors, codes, IDs
 * @param networkMs of such a step the worker's network, forward and backward
 * @param backwardMs of such a step the server's backward half, with all updates
 * @param deviceImagesMs vectors and sub-model, forward and backward, when the device does nothing
 *     else and waits for nobody
 * @param samplesPerSecond by the whole step
 * @param meanSamplesPerSecond by the whole step on average
 * @param imageGigaflops 10^9 operations a second of the sub-model's products, by the server's
 *     halves
 * @param deviceImageGigaflops the same by {@code deviceImagesMs}: what is between the two is the
 *     host's share
 * @param losses mean loss of every step, those before the measured ones included
 */
public record LargeStepMeasurement(
    StepKernels kernels,
    double stepMs,
    double meanStepMs,
    double arraysStepMs,
    double forwardMs,
    double networkMs,
    double backwardMs,
    double deviceImagesMs,
    double samplesPerSecond,
    double meanSamplesPerSecond,
    double imageGigaflops,
    double deviceImageGigaflops,
    List<Double> losses) {}
