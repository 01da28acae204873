package io.dicm.trainer.samplejob;

import io.dicm.trainer.sample.ItemCounts;
import io.dicm.trainer.sample.ItemStatistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
  /** What is read of a row: the items that it brings, and the moments with their impressions. */
  static final String COLUMNS =
      """
      message samples {
        required int32 items_before;
        required group items (LIST) {
          repeated group list {
            required group element {
              required binary item_id (STRING);
            }
          }
        }
        required group moments (LIST) {
          repeated group list {
            required group element {
              required int64 ts_step;
              required group impressions (LIST) {
                repeated group list {
                  required group element {
                    required int32 label;
                    required int32 item_number;
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
  private final List<String> itemIds = new ArrayList<>();
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
    addItems(row);
    Group moments = row.getGroup("moments", 0);
    long timestampSeconds = 0;
    for (int i = 0; i < moments.getFieldRepetitionCount(0); i++) {
      Group moment = moments.getGroup(0, i).getGroup(0, 0);
      timestampSeconds += moment.getLong("ts_step", 0);
      count(moment.getGroup("impressions", 0), timestampSeconds);
    }
  }

  /** Items are numbered; a new count begins where none is before, as in every row group. */
  private void addItems(Group row) {
    if (row.getInteger("items_before", 0) == 0) {
      itemIds.clear();
    }
    Group brought = row.getGroup("items", 0);
    for (int i = 0; i < brought.getFieldRepetitionCount(0); i++) {
      itemIds.add(brought.getGroup(0, i).getGroup(0, 0).getString("item_id", 0));
    }
  }

  private void count(Group impressions, long timestampSeconds) {
    for (int i = 0; i < impressions.getFieldRepetitionCount(0); i++) {
      Group impression = impressions.getGroup(0, i).getGroup(0, 0);
      countsOf(itemIds.get(impression.getInteger("item_number", 0)))
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
