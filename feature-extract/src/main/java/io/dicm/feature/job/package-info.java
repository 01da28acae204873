/** The MapReduce job that makes a partition of the feature store from a directory of pictures. */
package io.dicm.feature.job;
