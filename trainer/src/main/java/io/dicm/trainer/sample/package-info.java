/** Samples, their Parquet files, and reading them: shares of workers, shuffled by epoch. */
package io.dicm.trainer.sample;
