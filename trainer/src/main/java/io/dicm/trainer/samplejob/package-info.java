/** The MapReduce job that joins impressions, items, users and earlier clicks to samples. */
package io.dicm.trainer.samplejob;
