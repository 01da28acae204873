package io.dicm.trainer.sample;

/** The columns of the items that rows bring. For one thread. */
record ItemColumns(
    ColumnCursor before,
    ColumnCursor itemId,
    ColumnCursor category,
    ColumnCursor imageKey,
    ColumnCursor[] itemKeys) {

  /** Reads the items of the next row. */
  void readInto(NumberedItems items) {
    if (before.int32() == 0) {
      items.clear();
    }
    String[] itemIds = itemId.textList();
    String[] categories = category.textList();
    long[] imageKeys = imageKey.int64List();
    if (itemIds.length == 0) {
      // A list without items has a place in every column below it all the same.
      ColumnCursor.int64Lists(itemKeys);
    }
    for (int i = 0; i < itemIds.length; i++) {
      items.add(
          new ItemFeatures(
              itemIds[i], categories[i], imageKeys[i], ColumnCursor.int64Lists(itemKeys)));
    }
  }
}
