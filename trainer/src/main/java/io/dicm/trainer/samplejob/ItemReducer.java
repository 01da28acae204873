package io.dicm.trainer.samplejob;

import io.dicm.trainer.sample.ItemCounts;
import java.io.IOException;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Reducer;

/** Adds up what is known of each item; a combiner too. */
public final class ItemReducer extends Reducer<Text, ItemCounts, Text, ItemCounts> {
  @Override
  protected void reduce(Text itemId, Iterable<ItemCounts> values, Context context)
      throws IOException, InterruptedException {
    ItemCounts sum = new ItemCounts();
    for (ItemCounts counts : values) {
      sum.add(counts);
    }
    context.write(itemId, sum);
  }
}
