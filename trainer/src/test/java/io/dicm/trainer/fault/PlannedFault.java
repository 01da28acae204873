package io.dicm.trainer.fault;

/**
 * One fault.
 *
 * @param kind what happens
 * @param step it strikes when a worker has made so many steps
 * @param victim which server or worker
 * @param patient whether the others are left to their own limits, instead of being ended as soon as
 *     the supervisor knows
 * @param fraction in [0, 1): where in the range of its kind its length or delay lies
 */
record PlannedFault(FaultKind kind, long step, int victim, boolean patient, double fraction) {}
