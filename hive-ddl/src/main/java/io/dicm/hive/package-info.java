/** Hive over JDBC: the versioned DDL, registration of published directories, queries. */
package io.dicm.hive;
