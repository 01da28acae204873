/**
 * Tables of a run's small outputs: what its stages wrote as JSON and CSV for programs and people,
 * as Parquet for Hive.
 */
package io.dicm.app.master.table;
