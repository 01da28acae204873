package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.FeatureKeys;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.RejectedRows;
import io.dicm.trainer.input.TableReader;
import io.dicm.trainer.input.TableRow;
import io.dicm.trainer.sample.BehaviorKeys;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.ItemCounts;
import io.dicm.trainer.sample.ItemStatistics;
import io.dicm.trainer.sample.Reservoir;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Makes the {@link ItemCatalogue} of samples: the items that training saw clicked and that have a
 * picture, as those of the feature store do, or all clicked ones where none has. Of more items it
 * draws so many, each with the same probability. Items that are held out have no clicks in
 * training. For one thread.
 */
final class CatalogueReader {
  private final SampleInput input;
  private final int mostItems;
  private final FeatureKeys itemKeys;
  private final BehaviorKeys behaviorKeys;
  private final Map<String, Long> clicks = new HashMap<>();
  private final List<ItemCatalogue.Item> pictured = new ArrayList<>();
  private final List<ItemCatalogue.Item> bare = new ArrayList<>();

  /**
   * @param mostItems that are kept
   */
  CatalogueReader(SampleInput input, int mostItems) {
    this.input = input;
    this.mostItems = mostItems;
    this.itemKeys = new FeatureKeys(input.schema().itemFields());
    this.behaviorKeys = new BehaviorKeys(input.schema());
  }

  /**
   * Reads the items once; empty where behaviours carry no fields. Bad rows are the job's matter.
   *
   * @param samples a directory that has statistics of its items
   * @param seed of what is drawn from too many items
   */
  ItemCatalogue read(Configuration conf, Path samples, long seed) throws IOException {
    if (input.schema().behaviorFields().isEmpty()) {
      return ItemCatalogue.EMPTY;
    }
    Reservoir<Map.Entry<String, ItemCounts>> clicked = new Reservoir<>(mostItems, seed);
    ItemStatistics.forEach(
        conf,
        samples,
        (itemId, counts) -> {
          if (counts.trainClicks() > 0) {
            clicked.offer(Map.entry(itemId, counts));
          }
        });
    clicked.drawn().forEach(item -> clicks.put(item.getKey(), item.getValue().trainClicks()));
    long unused =
        new TableReader(conf, input.tables().get(InputTable.ITEMS))
            .forEach(this::add, RejectedRows.IGNORE);
    return ItemCatalogue.of(pictured.isEmpty() ? bare : pictured);
  }

  /** Of two rows of an item the first one counts. */
  private void add(TableRow row) throws BadRowException {
    Long itemClicks = clicks.remove(row.required("item_id"));
    if (itemClicks != null) {
      List<ItemCatalogue.Item> items = row.value("image_id").isEmpty() ? bare : pictured;
      items.add(new ItemCatalogue.Item(behaviorKeys.of(itemKeys.of(row)), itemClicks));
    }
  }
}
