package io.dicm.trainer.model;

import org.bytedeco.pytorch.Tensor;

/**
 * The unique rows that a batch uses, as tensors of one floating-point type. Each has a row at
 * least, so that every index operation has a table to look at.
 *
 * @param ids rows of IDs, [n, row width]
 * @param adCodes [a, code dimension]
 * @param behaviorCodes [b, code dimension]
 */
record NetworkTables(Tensor ids, Tensor adCodes, Tensor behaviorCodes) {}
