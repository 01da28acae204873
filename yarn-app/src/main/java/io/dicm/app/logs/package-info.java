/** Logs of an application's containers, from the nodes while it runs and from HDFS afterwards. */
package io.dicm.app.logs;
