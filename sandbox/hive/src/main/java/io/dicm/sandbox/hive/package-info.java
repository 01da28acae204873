/** The sandbox process with HiveServer2 and its metastore. */
package io.dicm.sandbox.hive;
