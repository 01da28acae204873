-- Vectors of users and items, version 6. Every statement may be run again. Only runs of a network with towers have partitions here.
-- By hand: beeline -u URL --hivevar database=dicm --hivevar workspace=hdfs:///data/dicm -f V006__vectors.hql

CREATE EXTERNAL TABLE IF NOT EXISTS `${hivevar:database}`.`user_vectors` (
  `user_id` STRING COMMENT 'User whose impressions were predicted, one row each',
  `ts` BIGINT COMMENT 'Latest moment of the user among them, which the vector is of, epoch seconds',
  `vector` ARRAY<FLOAT> COMMENT 'What one tower makes of the user, the behaviours and the context, 10 values by default',
  `bias` DOUBLE COMMENT 'Its sum with the inner product of this and an item vector is the log odds of a click, the same in all rows of a run'
)
COMMENT 'Vectors of users by a network with two towers'
PARTITIONED BY (`dt` STRING COMMENT 'Day of the run, YYYY-MM-DD', `run` STRING COMMENT 'Name of the run')
STORED AS PARQUET
LOCATION '${hivevar:workspace}/user_vectors'
TBLPROPERTIES ('dicm.ddl.version' = '6', 'dicm.format' = '1', 'external.table.purge' = 'false', 'discover.partitions' = 'false');

CREATE EXTERNAL TABLE IF NOT EXISTS `${hivevar:database}`.`item_vectors` (
  `item_id` STRING COMMENT 'Item that a predicted impression showed, one row each',
  `image_key` BIGINT COMMENT '64-bit fingerprint of the image_id of its picture, 0 where the item names none',
  `vector` ARRAY<FLOAT> COMMENT 'What the other tower makes of the item and its picture, 10 values by default'
)
COMMENT 'Vectors of items by a network with two towers'
PARTITIONED BY (`dt` STRING COMMENT 'Day of the run, YYYY-MM-DD', `run` STRING COMMENT 'Name of the run')
STORED AS PARQUET
LOCATION '${hivevar:workspace}/item_vectors'
TBLPROPERTIES ('dicm.ddl.version' = '6', 'dicm.format' = '1', 'external.table.purge' = 'false', 'discover.partitions' = 'false');

-- Last: all tables are there and of this version.
ALTER TABLE `${hivevar:database}`.`features` SET TBLPROPERTIES ('dicm.tables.version' = '6');
