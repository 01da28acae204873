/**
 * Functions for HiveQL over vectors and predictions. Java 8, and nothing but Hive and Hadoop on the
 * class path: the jar is loaded by HiveServer2 and its tasks.
 */
package io.dicm.hive.udf;
