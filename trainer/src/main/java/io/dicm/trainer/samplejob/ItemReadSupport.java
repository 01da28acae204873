package io.dicm.trainer.samplejob;

import io.dicm.trainer.sample.ItemStatistics;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/**
 * Reads the configured columns of samples, and all columns of counts by item as {@link
 * LeftOutItems} writes them.
 */
public final class ItemReadSupport extends GroupReadSupport {
  @Override
  public ReadContext init(InitContext context) {
    return ItemStatistics.isTable(context.getFileSchema())
        ? new ReadContext(context.getFileSchema())
        : super.init(context);
  }
}
