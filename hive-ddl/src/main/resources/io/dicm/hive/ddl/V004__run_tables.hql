-- What else a run leaves: samples, training, traffic, checkpoints, containers, rejects and near-duplicates, version 4. Every statement may be
-- run again.
-- By hand: beeline -u URL --hivevar database=dicm --hivevar workspace=hdfs:///data/dicm --hivevar extractor=ID -f V004__run_tables.hql

-- The files have two more columns, history and moments, whose integers are stored by Parquet's BYTE_STREAM_SPLIT: readers before Parquet 1.14, as in
-- Hive 4.0, cannot decode them. docs/queries.md has the statement that adds them where Hive can.
CREATE EXTERNAL TABLE IF NOT EXISTS `${hivevar:database}`.`samples` (
  `user_id` STRING COMMENT 'User whose consecutive samples the row has',
  `items_before` INT COMMENT 'Items that rows before this one brought, 0 where the count of a row group begins',
  `items` ARRAY<STRUCT<item_id:STRING,category:STRING,image_key:BIGINT>> COMMENT 'Items that no row before needed, an item that was only clicked has an empty item_id, image_key 0 means no picture'
)
COMMENT 'Samples of a run as training and prediction read them, a row has at most 256 moments of one user'
PARTITIONED BY (`dt` STRING COMMENT 'Day of the run, YYYY-MM-DD', `run` STRING COMMENT 'Name of the run', `split` STRING COMMENT 'What the samples are for: train or test')
STORED AS PARQUET
LOCATION '${hivevar:workspace}/samples'
TBLPROPERTIES ('dicm.ddl.version' = '4', 'dicm.format' = '3', 'external.table.purge' = 'false', 'discover.partitions' = 'false');

CREATE EXTERNAL TABLE IF NOT EXISTS `${hivevar:database}`.`sample_items` (
  `item_id` STRING COMMENT 'Item of the log',
  `train_exposures` BIGINT COMMENT 'Its impressions in the training samples',
  `train_clicks` BIGINT COMMENT 'Its clicked impressions in the training samples',
  `shown_exposures` BIGINT COMMENT 'Its impressions that training was shown, before samples left any out, 0 when it was held out',
  `first_seen` BIGINT COMMENT 'Time of its first impression in the log, epoch seconds'
)
COMMENT 'Items of the samples of a run and how often training has them'
PARTITIONED BY (`dt` STRING COMMENT 'Day of the run, YYYY-MM-DD', `run` STRING COMMENT 'Name of the run')
STORED AS PARQUET
LOCATION '${hivevar:workspace}/samples'
TBLPROPERTIES ('dicm.ddl.version' = '4', 'dicm.format' = '3', 'external.table.purge' = 'false', 'discover.partitions' = 'false');

CREATE EXTERNAL TABLE IF NOT EXISTS `${hivevar:database}`.`training_curve` (
  `worker` INT COMMENT 'Number of the worker that measured',
  `step` BIGINT COMMENT 'Steps made so far, those before a checkpoint included',
  `epoch` INT COMMENT 'Epoch from 0',
  `impressions` BIGINT COMMENT 'Impressions of the worker so far over all epochs, NULL where only scores were measured',
  `loss` DOUBLE COMMENT 'Mean loss of the impressions since the row before, nats, NULL where only scores were measured',
  `impressions_per_second` DOUBLE COMMENT 'Speed since the row before, waiting included, NULL where only scores were measured',
  `scored_impressions` BIGINT COMMENT 'Impressions that were ranked by the scores before their update, NULL where only the loss was measured',
  `auc` DOUBLE COMMENT 'Progressive AUC of the scored impressions, NULL where they have one label alone',
  `gauc` DOUBLE COMMENT 'Progressive GAUC of the scored impressions, NULL where no user has both labels',
  `gauc_impressions` BIGINT COMMENT 'Scored impressions of users with both labels'
)
COMMENT 'How loss and scores went in the training of a run'
PARTITIONED BY (`dt` STRING COMMENT 'Day of the run, YYYY-MM-DD', `run` STRING COMMENT 'Name of the run')
STORED AS PARQUET
LOCATION '${hivevar:workspace}/training_curve'
TBLPROPERTIES ('dicm.ddl.version' = '4', 'dicm.format' = '1', 'external.table.purge' = 'false', 'discover.partitions' = 'false');

CREATE EXTERNAL TABLE IF NOT EXISTS `${hivevar:database}`.`traffic` (
  `server` INT COMMENT 'Number of the server',
  `traffic_class` STRING COMMENT 'What the bytes are for: IMAGE_KEYS, IMAGE_CODES, IMAGE_GRADIENTS, ID_KEYS, ID_EMBEDDINGS, ID_GRADIENTS, DENSE, SUB_MODEL, IMAGE_TIERS or IMAGE_VECTORS',
  `bytes` BIGINT COMMENT 'Bytes that the server received and sent, those between servers count at both ends',
  `raw_vector_bytes` BIGINT COMMENT 'Bytes of the same images as raw vectors of float32, for IMAGE_CODES alone, else NULL',
  `steps` BIGINT COMMENT 'Steps of the training in which they were moved'
)
COMMENT 'Bytes that each server moved in the training of a run, by what they are for'
PARTITIONED BY (`dt` STRING COMMENT 'Day of the run, YYYY-MM-DD', `run` STRING COMMENT 'Name of the run')
STORED AS PARQUET
LOCATION '${hivevar:workspace}/traffic'
TBLPROPERTIES ('dicm.ddl.version' = '4', 'dicm.format' = '1', 'external.table.purge' = 'false', 'discover.partitions' = 'false');

CREATE EXTERNAL TABLE IF NOT EXISTS `${hivevar:database}`.`checkpoints` (
  `application_id` STRING COMMENT 'YARN application that made it',
  `steps` BIGINT COMMENT 'Finished steps of the training',
  `made_at` BIGINT COMMENT 'Time at which it was complete, epoch milliseconds',
  `location` STRING COMMENT 'Its directory',
  `servers` INT COMMENT 'Servers that wrote a part of it',
  `bytes` BIGINT COMMENT 'Bytes of its files',
  `extractor` STRING COMMENT 'Extractor of the picture vectors that it was trained on',
  `schema_digest` STRING COMMENT 'Digest of the features that it was trained on'
)
COMMENT 'Checkpoints that were there when a run was published, newer ones replace older ones'
PARTITIONED BY (`dt` STRING COMMENT 'Day of the run, YYYY-MM-DD', `run` STRING COMMENT 'Name of the run')
STORED AS PARQUET
LOCATION '${hivevar:workspace}/checkpoint_list'
TBLPROPERTIES ('dicm.ddl.version' = '4', 'dicm.format' = '1', 'external.table.purge' = 'false', 'discover.partitions' = 'false');

CREATE EXTERNAL TABLE IF NOT EXISTS `${hivevar:database}`.`rejects` (
  `source` STRING COMMENT 'What was left out: images, or the table of the input',
  `place` STRING COMMENT 'File of the picture, or file and place of the row',
  `image_id` STRING COMMENT 'Name of the picture, NULL for rows of tables',
  `reason` STRING COMMENT 'Why it was left out, one of a few words',
  `detail` STRING COMMENT 'What exactly was wrong with it'
)
COMMENT 'Pictures and rows that a run left out, at most 10000 rows of each task and table'
PARTITIONED BY (`dt` STRING COMMENT 'Day of the run, YYYY-MM-DD', `run` STRING COMMENT 'Name of the run')
STORED AS PARQUET
LOCATION '${hivevar:workspace}/rejects'
TBLPROPERTIES ('dicm.ddl.version' = '4', 'dicm.format' = '1', 'external.table.purge' = 'false', 'discover.partitions' = 'false');

CREATE EXTERNAL TABLE IF NOT EXISTS `${hivevar:database}`.`run_containers` (
  `container_id` STRING COMMENT 'Container of YARN',
  `stage` STRING COMMENT 'Stage of the pipeline that it worked for: train or predict',
  `role` STRING COMMENT 'What it was: server, worker or predictor',
  `index` INT COMMENT 'Its number within the role, from 0',
  `state` STRING COMMENT 'How it was seen last, ended or failed',
  `node` STRING COMMENT 'Host and port of its node',
  `memory_mb` INT COMMENT 'Memory that YARN gave it, MiB',
  `peak_resident_bytes` BIGINT COMMENT 'Most memory that its process had resident, 0 while unknown',
  `first_seen_at` BIGINT COMMENT 'When the application first saw it among its gang, epoch milliseconds, 0 in runs of earlier versions',
  `last_seen_at` BIGINT COMMENT 'When its end was seen, or it was seen last, epoch milliseconds, 0 in runs of earlier versions',
  `done` BIGINT COMMENT 'Units of work that it did',
  `total` BIGINT COMMENT 'Units of work that were planned, 0 while unknown',
  `note` STRING COMMENT 'What it said last'
)
COMMENT 'Containers of the gangs of a run, MapReduce tasks are in the history server of MapReduce'
PARTITIONED BY (`dt` STRING COMMENT 'Day of the run, YYYY-MM-DD', `run` STRING COMMENT 'Name of the run')
STORED AS PARQUET
LOCATION '${hivevar:workspace}/run_containers'
TBLPROPERTIES ('dicm.ddl.version' = '4', 'dicm.format' = '1', 'external.table.purge' = 'false', 'discover.partitions' = 'false');

CREATE EXTERNAL TABLE IF NOT EXISTS `${hivevar:database}`.`near_duplicates` (
  `group_id` BIGINT COMMENT 'Image key of the representative',
  `image_id` STRING COMMENT 'Name of a picture of the group',
  `image_key` BIGINT COMMENT '64-bit fingerprint of image_id',
  `representative` STRING COMMENT 'Picture that stands for the group, the least image_id',
  `hamming_distance` INT COMMENT 'Bits by which the perceptual hashes of picture and representative differ',
  `cosine` DOUBLE COMMENT 'Cosine of the vectors of picture and representative'
)
COMMENT 'Pictures of one extractor that look the same, a row a picture of a group'
PARTITIONED BY (`dt` STRING COMMENT 'Day of the store, YYYY-MM-DD')
STORED AS PARQUET
LOCATION '${hivevar:workspace}/near_duplicates/${hivevar:extractor}'
TBLPROPERTIES (
  'dicm.ddl.version' = '4',
  'dicm.format' = '1',
  'dicm.extractor' = '${hivevar:extractor}',
  'external.table.purge' = 'false',
  'discover.partitions' = 'false'
);

-- The store's format, as in its manifests.
ALTER TABLE `${hivevar:database}`.`features` SET TBLPROPERTIES ('dicm.format' = '2');

-- Last: all tables are there and of this version. Registration makes none, and needs no right to, where they are of the last one.
ALTER TABLE `${hivevar:database}`.`features` SET TBLPROPERTIES ('dicm.tables.version' = '4');
