/** What every process that computes with native tensors is started with. */
package io.dicm.common.process;
