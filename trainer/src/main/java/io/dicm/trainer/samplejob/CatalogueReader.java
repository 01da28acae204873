package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.FeatureKeys;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.RejectedRows;
import io.dicm.trainer.input.TableReader;
import io.dicm.trainer.input.TableRow;
import io.dicm.trainer.sample.BehaviorKeys;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.Reservoir;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Makes the {@link ItemCatalogue} of an input: the items that have a picture, as those of the
 * feature store do, or all where none has; without those that are held out of training. Of a larger
 * catalogue it draws {@link ItemCatalogue#MOST_ITEMS}, each item with the same probability. For one
 * thread.
 */
final class CatalogueReader {
  private final SampleInput input;
  private final TrainingFilter filter;
  private final FeatureKeys itemKeys;
  private final BehaviorKeys behaviorKeys;
  private final Reservoir<long[]> pictured;
  private final Reservoir<long[]> bare;

  CatalogueReader(SampleInput input, SampleSettings settings) {
    this.input = input;
    this.filter = TrainingFilter.of(settings);
    this.itemKeys = new FeatureKeys(input.schema().itemFields());
    this.behaviorKeys = new BehaviorKeys(input.schema());
    this.pictured = new Reservoir<>(ItemCatalogue.MOST_ITEMS, settings.seed());
    this.bare = new Reservoir<>(ItemCatalogue.MOST_ITEMS, settings.seed());
  }

  /**
   * Reads the items once; empty where behaviours carry no fields. Bad rows are the job's matter.
   */
  ItemCatalogue read(Configuration conf) throws IOException {
    if (input.schema().behaviorFields().isEmpty()) {
      return ItemCatalogue.EMPTY;
    }
    long unused =
        new TableReader(conf, input.tables().get(InputTable.ITEMS))
            .forEach(this::add, RejectedRows.IGNORE);
    List<long[]> items = pictured.drawn();
    return ItemCatalogue.of(items.isEmpty() ? bare.drawn() : items);
  }

  private void add(TableRow row) throws BadRowException {
    if (!filter.isHeldOut(row.required("item_id"))) {
      Reservoir<long[]> items = row.value("image_id").isEmpty() ? bare : pictured;
      items.offer(behaviorKeys.of(itemKeys.of(row)));
    }
  }
}
