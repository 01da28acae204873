/** The sandbox process with HDFS, YARN and the MapReduce job history server. */
package io.dicm.sandbox.hadoop;
