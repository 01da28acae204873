package io.dicm.trainer.samplejob;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.CsvTable.RowConsumer;
import io.dicm.trainer.input.FeatureKeys;
import io.dicm.trainer.input.RejectedRows;
import io.dicm.trainer.input.RowProblem;
import io.dicm.trainer.input.TableReader;
import io.dicm.trainer.input.TableRow;
import io.dicm.trainer.input.TableScan;
import io.dicm.trainer.sample.BehaviorKeys;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** All items in memory: about 300 bytes each. Of two rows of one item the first one counts. */
final class ItemTable {
  private final Map<String, Item> items = new HashMap<>();
  private final FeatureKeys itemKeys;
  private final BehaviorKeys behaviorKeys;
  private final SharedImages images;
  private final TrainingFilter filter;
  private final String name;
  private long rows;

  private ItemTable(FeatureSchema schema, SharedImages images, TrainingFilter filter, String name) {
    this.name = name;
    this.images = images;
    this.filter = filter;
    this.behaviorKeys = new BehaviorKeys(schema);
    this.itemKeys = new FeatureKeys(schema.itemFields());
  }

  /**
   * @param used is given the rows that are used
   */
  static ItemTable load(
      Configuration conf,
      TableScan scan,
      FeatureSchema schema,
      RejectedRows rejects,
      RowConsumer used)
      throws IOException {
    TrainingFilter filter = TrainingFilter.of(SampleSettings.of(conf));
    ItemTable table = new ItemTable(schema, SharedImages.load(conf), filter, scan.source().name());
    table.rows =
        new TableReader(conf, scan)
            .forEach(
                row -> {
                  table.add(row);
                  used.accept(row);
                },
                rejects);
    return table;
  }

  /** Rows of the table, bad ones included. */
  long rows() {
    return rows;
  }

  /**
   * @throws BadRowException {@link RowProblem#UNKNOWN_ITEM}
   */
  Item get(String itemId) throws BadRowException {
    Item item = items.get(itemId);
    if (item == null) {
      throw new BadRowException(RowProblem.UNKNOWN_ITEM, "item '" + itemId + "' is not in " + name);
    }
    return item;
  }

  private void add(TableRow row) throws BadRowException {
    String itemId = row.required("item_id");
    if (items.putIfAbsent(itemId, item(itemId, row)) != null) {
      throw new BadRowException(
          RowProblem.DUPLICATE_ID, "item '" + itemId + "' has an earlier row");
    }
  }

  private Item item(String itemId, TableRow row) throws BadRowException {
    String imageId = row.value("image_id");
    List<String> categories = row.values("category");
    long[][] keys = itemKeys.of(row);
    return new Item(
        categories.isEmpty() ? "" : categories.get(0),
        imageId.isEmpty() ? Fingerprints.NONE : images.keyOf(imageId),
        keys,
        behaviorKeys.of(keys),
        filter.isHeldOut(itemId));
  }
}
