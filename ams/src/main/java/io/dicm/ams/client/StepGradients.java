package io.dicm.ams.client;

/**
 * One worker's gradients of one step: of the <em>sum</em> of its impressions' losses. The servers
 * add up all workers' and divide by the step's impressions over all workers, so that the update
 * does not depend on how a batch is spread over workers. Rows are in the order of the step's {@link
 * StepRequest}.
 *
 * @param step the step number
 * @param impressions the worker's impressions in this step
 * @param adCodes [a, 12]
 * @param behaviorCodes [b, 12]
 * @param idEmbeddings [n, row width]: each row as in {@link StepInputs#idEmbeddings}
 * @param dense flat, as in {@link StepInputs#dense}; where that begins with statistics of batches,
 *     the sum of the statistic over the worker's impressions (its batch's mean times them), from
 *     which the servers make the mean over all workers, and by which a running mean moves
 * @param phase of the training, from 0: in a new one the dense parameters' optimiser begins anew
 */
public record StepGradients(
    long step,
    int impressions,
    float[] adCodes,
    float[] behaviorCodes,
    float[] idEmbeddings,
    float[] dense,
    int phase) {
  /** Of a training that has one phase. */
  public StepGradients(
      long step,
      int impressions,
      float[] adCodes,
      float[] behaviorCodes,
      float[] idEmbeddings,
      float[] dense) {
    this(step, impressions, adCodes, behaviorCodes, idEmbeddings, dense, 0);
  }
}
