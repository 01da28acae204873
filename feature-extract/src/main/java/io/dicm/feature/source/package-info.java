/** Where images come from: folder trees, SequenceFiles and Parquet files. */
package io.dicm.feature.source;
