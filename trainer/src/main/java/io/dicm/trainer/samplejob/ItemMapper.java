package io.dicm.trainer.samplejob;

import io.dicm.trainer.sample.ItemCounts;
import io.dicm.trainer.sample.ItemStatistics;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Mapper;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.parquet.example.data.Group;

/**
 * Counts the impressions of each item in a share of the samples, read by some columns alone, or
 * takes counts of impressions that are in none.
 */
public final class ItemMapper extends Mapper<Void, Group, Text, ItemCounts> {
  /** What is read of a row: the moments of a user's samples with their impressions. */
  static final String COLUMNS =
      """
      message samples {
        required group moments (LIST) {
          repeated group list {
            required group element {
              required int64 ts;
              required group impressions (LIST) {
                repeated group list {
                  required group element {
                    required binary item_id (STRING);
                    required int32 label;
                  }
                }
              }
            }
          }
        }
      }
      """;

  /** Items counted before the counts are handed on, which bounds the memory. */
  private static final int MAX_COUNTED_ITEMS = 100_000;

  private final Map<String, ItemCounts> items = new HashMap<>();
  private boolean training;

  @Override
  protected void setup(Context context) {
    String split = ((FileSplit) context.getInputSplit()).getPath().getParent().getName();
    training = split.equals(SampleSplit.TRAIN.directory());
  }

  @Override
  protected void map(Void unused, Group row, Context context)
      throws IOException, InterruptedException {
    if (ItemStatistics.isTable(row.getType())) {
      countsOf(ItemStatistics.itemId(row)).add(ItemStatistics.counts(row));
    } else {
      countSamples(row);
    }
    if (items.size() >= MAX_COUNTED_ITEMS) {
      writeCounts(context);
    }
  }

  private void countSamples(Group row) {
    Group moments = row.getGroup("moments", 0);
    for (int i = 0; i < moments.getFieldRepetitionCount(0); i++) {
      count(moments.getGroup(0, i).getGroup(0, 0));
    }
  }

  private void count(Group moment) {
    long timestampSeconds = moment.getLong("ts", 0);
    Group impressions = moment.getGroup("impressions", 0);
    for (int i = 0; i < impressions.getFieldRepetitionCount(0); i++) {
      Group impression = impressions.getGroup(0, i).getGroup(0, 0);
      countsOf(impression.getString("item_id", 0))
          .add(
              training ? 1 : 0, training ? impression.getInteger("label", 0) : 0, timestampSeconds);
    }
  }

  private ItemCounts countsOf(String itemId) {
    return items.computeIfAbsent(itemId, item -> new ItemCounts());
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    writeCounts(context);
  }

  private void writeCounts(Context context) throws IOException, InterruptedException {
    for (Map.Entry<String, ItemCounts> item : items.entrySet()) {
      context.write(new Text(item.getKey()), item.getValue());
    }
    items.clear();
  }
}
