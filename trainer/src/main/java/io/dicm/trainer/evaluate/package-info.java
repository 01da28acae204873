/** The predictions table, and the MapReduce job that turns it into metrics. */
package io.dicm.trainer.evaluate;
