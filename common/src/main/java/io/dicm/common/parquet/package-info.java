/** Tables as Parquet files, without an object model in between. */
package io.dicm.common.parquet;
