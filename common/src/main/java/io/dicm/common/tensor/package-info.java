/** Named tensors in safetensors files. */
package io.dicm.common.tensor;
