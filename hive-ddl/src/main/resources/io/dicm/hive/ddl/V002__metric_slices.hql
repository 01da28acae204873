-- Metrics by slice, and the columns of predictions that the slices follow from, version 2. Every statement may be run again.
-- By hand: beeline -u URL --hivevar database=dicm --hivevar workspace=hdfs:///data/dicm -f V002__metric_slices.hql

CREATE EXTERNAL TABLE IF NOT EXISTS `${hivevar:database}`.`metric_slices` (
  `slice` STRING COMMENT 'What impressions are told apart by: all, item_age, train_exposures, category, user_activity or image',
  `value` STRING COMMENT 'The part of the impressions, such as 1-5',
  `metric` STRING COMMENT 'Name of the metric: auc, gauc, log_loss and others',
  `metric_value` DOUBLE COMMENT 'Its value',
  `low` DOUBLE COMMENT 'Lower end of its 95 % interval, if it has one',
  `high` DOUBLE COMMENT 'Upper end of its 95 % interval, if it has one'
)
COMMENT 'Quality of the predictions of a run by parts of the impressions'
PARTITIONED BY (`dt` STRING COMMENT 'Day of the run, YYYY-MM-DD', `run` STRING COMMENT 'Name of the run')
STORED AS PARQUET
LOCATION '${hivevar:workspace}/metric_slices'
TBLPROPERTIES ('dicm.ddl.version' = '2', 'external.table.purge' = 'false', 'discover.partitions' = 'false');

-- The same columns again change nothing; partitions of before keep theirs and have NULL in the new ones.
ALTER TABLE `${hivevar:database}`.`predictions` REPLACE COLUMNS (
  `impression_id` STRING COMMENT 'Name of the impression in the log',
  `user_id` STRING COMMENT 'User who saw the item',
  `item_id` STRING COMMENT 'Item that was shown',
  `category` STRING COMMENT 'Category of the item, the first one, if it has several',
  `ts` BIGINT COMMENT 'Time of the impression, epoch seconds',
  `label` INT COMMENT '1 when the impression was clicked, else 0',
  `probability` DOUBLE COMMENT 'Predicted probability of a click, 0 to 1',
  `item_train_exposures` BIGINT COMMENT 'Impressions of the item that training was shown, before samples left any out, 0 when it was held out',
  `item_age_days` INT COMMENT 'Whole days since the first impression of the item in the log',
  `behavior_count` INT COMMENT 'Earlier behaviours of the user that the model saw',
  `image_present` BOOLEAN COMMENT 'Whether the feature store has the picture of the item'
);
