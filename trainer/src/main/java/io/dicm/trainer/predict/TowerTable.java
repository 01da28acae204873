package io.dicm.trainer.predict;

/** The tables that a model with towers fills besides its predictions. */
public enum TowerTable {
  /** A row a user, as of the latest moment that was scored: of that moment's first impression. */
  USERS("user_vectors"),

  /** A row an item, as it was when it was shown last. */
  ITEMS("item_vectors");

  private final String tableName;

  TowerTable(String tableName) {
    this.tableName = tableName;
  }

  /** The name in Hive and of the directory. */
  public String tableName() {
    return tableName;
  }
}
