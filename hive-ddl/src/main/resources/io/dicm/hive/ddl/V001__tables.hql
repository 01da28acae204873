-- The database and the external tables over a workspace, version 1. Every statement may be run again.
-- By hand: beeline -u URL --hivevar database=dicm --hivevar workspace=hdfs:///data/dicm --hivevar extractor=ID -f V001__tables.hql

CREATE DATABASE IF NOT EXISTS `${hivevar:database}`
COMMENT 'Features, predictions and metrics of click models that look at pictures';

CREATE EXTERNAL TABLE IF NOT EXISTS `${hivevar:database}`.`features` (
  `image_id` STRING COMMENT 'Name of the picture in the catalogue',
  `image_key` BIGINT COMMENT '64-bit fingerprint of image_id, its low 10 bits are the bucket',
  `content_digest` STRING COMMENT 'Digest of the picture file that the vector was computed from',
  `feature` ARRAY<FLOAT> COMMENT 'Output of the extractor, 4096 values for VGG16 FC6',
  `width` INT COMMENT 'Width of the picture, pixels',
  `height` INT COMMENT 'Height of the picture, pixels',
  `extracted_at` BIGINT COMMENT 'Time of extraction, epoch milliseconds',
  `perceptual_hash` BIGINT COMMENT '64-bit hash of how the picture looks, near-duplicates differ in few bits'
)
COMMENT 'Picture vectors of one extractor, a partition has those that were new or changed on its day'
PARTITIONED BY (`dt` STRING COMMENT 'Day of the store, YYYY-MM-DD')
STORED AS PARQUET
LOCATION '${hivevar:workspace}/features/${hivevar:extractor}'
TBLPROPERTIES (
  'dicm.ddl.version' = '1',
  'dicm.extractor' = '${hivevar:extractor}',
  'external.table.purge' = 'false',
  'discover.partitions' = 'false'
);

CREATE EXTERNAL TABLE IF NOT EXISTS `${hivevar:database}`.`image_codes` (
  `image_id` STRING COMMENT 'Name of the picture in the catalogue',
  `image_key` BIGINT COMMENT '64-bit fingerprint of image_id, its low 10 bits are the bucket',
  `ad_code` ARRAY<FLOAT> COMMENT 'Code of the picture as an ad, by the trained sub-model, or without one its scaled vector',
  `behavior_code` ARRAY<FLOAT> COMMENT 'Code of the picture as a clicked item, by the trained sub-model, or without one its scaled vector'
)
COMMENT 'Picture vectors as the trained sub-models compress them'
PARTITIONED BY (`dt` STRING COMMENT 'Day of the run, YYYY-MM-DD', `run` STRING COMMENT 'Name of the run')
STORED AS PARQUET
LOCATION '${hivevar:workspace}/image_codes'
TBLPROPERTIES ('dicm.ddl.version' = '1', 'external.table.purge' = 'false', 'discover.partitions' = 'false');

CREATE EXTERNAL TABLE IF NOT EXISTS `${hivevar:database}`.`predictions` (
  `impression_id` STRING COMMENT 'Name of the impression in the log',
  `user_id` STRING COMMENT 'User who saw the item',
  `item_id` STRING COMMENT 'Item that was shown',
  `category` STRING COMMENT 'Category of the item, the first one, if it has several',
  `ts` BIGINT COMMENT 'Time of the impression, epoch seconds',
  `label` INT COMMENT '1 when the impression was clicked, else 0',
  `probability` DOUBLE COMMENT 'Predicted probability of a click, 0 to 1'
)
COMMENT 'Predictions for the test impressions of a run'
PARTITIONED BY (`dt` STRING COMMENT 'Day of the run, YYYY-MM-DD', `run` STRING COMMENT 'Name of the run')
STORED AS PARQUET
LOCATION '${hivevar:workspace}/predictions'
TBLPROPERTIES ('dicm.ddl.version' = '1', 'external.table.purge' = 'false', 'discover.partitions' = 'false');

CREATE EXTERNAL TABLE IF NOT EXISTS `${hivevar:database}`.`metrics` (
  `metric` STRING COMMENT 'Name of the metric: auc, gauc, log_loss and others',
  `value` DOUBLE COMMENT 'Its value'
)
COMMENT 'Quality of the predictions of a run'
PARTITIONED BY (`dt` STRING COMMENT 'Day of the run, YYYY-MM-DD', `run` STRING COMMENT 'Name of the run')
STORED AS PARQUET
LOCATION '${hivevar:workspace}/metrics'
TBLPROPERTIES ('dicm.ddl.version' = '1', 'external.table.purge' = 'false', 'discover.partitions' = 'false');

CREATE EXTERNAL TABLE IF NOT EXISTS `${hivevar:database}`.`runs` (
  `stage` STRING COMMENT 'Stage of the pipeline: extract, samples, train, predict, evaluate, publish, register',
  `state` STRING COMMENT 'How the stage ended',
  `started_at` BIGINT COMMENT 'Start of the stage, epoch milliseconds',
  `finished_at` BIGINT COMMENT 'End of the stage, epoch milliseconds',
  `duration_ms` BIGINT COMMENT 'Time the stage took, milliseconds',
  `detail` STRING COMMENT 'What the stage did, or the error code and message it failed with'
)
COMMENT 'History of runs, one row a stage'
PARTITIONED BY (`dt` STRING COMMENT 'Day of the run, YYYY-MM-DD', `run` STRING COMMENT 'Name of the run')
STORED AS PARQUET
LOCATION '${hivevar:workspace}/runs'
TBLPROPERTIES ('dicm.ddl.version' = '1', 'external.table.purge' = 'false', 'discover.partitions' = 'false');
