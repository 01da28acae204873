-- Views over the tables, version 5. Every statement may be run again. None needs DICM's functions. Those by run show runs of which the table
-- `runs` has a partition: registration adds it last, so no run is seen before all of it is there.
-- By hand: beeline -u URL --hivevar database=dicm -f V005__views.hql

CREATE OR REPLACE VIEW `${hivevar:database}`.`latest_features` (
  `image_id` COMMENT 'Name of the picture in the catalogue',
  `image_key` COMMENT '64-bit fingerprint of image_id, its low 10 bits are the bucket',
  `content_digest` COMMENT 'Digest of the picture file that the vector was computed from',
  `feature` COMMENT 'Output of the extractor, 4096 values for VGG16 FC6',
  `width` COMMENT 'Width of the picture, pixels',
  `height` COMMENT 'Height of the picture, pixels',
  `extracted_at` COMMENT 'Time of extraction, epoch milliseconds',
  `perceptual_hash` COMMENT '64-bit hash of how the picture looks, near-duplicates differ in few bits',
  `dt` COMMENT 'Day of the store on which this vector was new'
)
COMMENT 'The newest vector of every picture, over all days of the store'
TBLPROPERTIES ('dicm.ddl.version' = '5')
AS SELECT image_id, image_key, content_digest, feature, width, height, extracted_at, perceptual_hash, dt
FROM (
  SELECT f.*, ROW_NUMBER() OVER (PARTITION BY f.image_id ORDER BY f.dt DESC, f.extracted_at DESC) AS version
  FROM `${hivevar:database}`.`features` f
) versions
WHERE version = 1;

CREATE OR REPLACE VIEW `${hivevar:database}`.`features_as_of` (
  `as_of` COMMENT 'Day of the store at whose end the vectors were known, name it with =, partitions of later days are then not read',
  `image_id` COMMENT 'Name of the picture in the catalogue',
  `image_key` COMMENT '64-bit fingerprint of image_id, its low 10 bits are the bucket',
  `content_digest` COMMENT 'Digest of the picture file that the vector was computed from',
  `feature` COMMENT 'Output of the extractor, 4096 values for VGG16 FC6',
  `extracted_at` COMMENT 'Time of extraction, epoch milliseconds',
  `dt` COMMENT 'Day of the store on which this vector was new'
)
COMMENT 'The newest vector of every picture as known at the end of each day of the store'
TBLPROPERTIES ('dicm.ddl.version' = '5')
AS SELECT as_of, image_id, image_key, content_digest, feature, extracted_at, dt
FROM (
  SELECT
    days.as_of, f.image_id, f.image_key, f.content_digest, f.feature, f.extracted_at, f.dt,
    ROW_NUMBER() OVER (PARTITION BY days.as_of, f.image_id ORDER BY f.dt DESC, f.extracted_at DESC) AS version
  FROM (SELECT DISTINCT dt AS as_of FROM `${hivevar:database}`.`features`) days
  CROSS JOIN `${hivevar:database}`.`features` f
  WHERE f.dt <= days.as_of
) versions
WHERE version = 1;

CREATE OR REPLACE VIEW `${hivevar:database}`.`labeled_predictions` (
  `impression_id` COMMENT 'Name of the impression in the log',
  `user_id` COMMENT 'User who saw the item',
  `item_id` COMMENT 'Item that was shown',
  `category` COMMENT 'Category of the item, the first one, if it has several',
  `shown_on` COMMENT 'Day of the impression in UTC',
  `label` COMMENT '1 when the impression was clicked, else 0',
  `probability` COMMENT 'Predicted probability of a click, 0 to 1',
  `log_loss` COMMENT 'Loss of this prediction given its label, nats',
  `item_train_exposures` COMMENT 'Impressions of the item that training was shown',
  `item_age_days` COMMENT 'Whole days since the first impression of the item in the log',
  `behavior_count` COMMENT 'Earlier behaviours of the user that the model saw',
  `image_present` COMMENT 'Whether the feature store has the picture of the item',
  `dt` COMMENT 'Day of the run',
  `run` COMMENT 'Name of the run'
)
COMMENT 'Predictions of a run with what was really clicked and what each costs'
TBLPROPERTIES ('dicm.ddl.version' = '5')
AS SELECT
  p.impression_id, p.user_id, p.item_id, p.category,
  DATE_ADD(DATE '1970-01-01', CAST(FLOOR(p.ts / 86400) AS INT)),
  p.label, p.probability,
  -LN(LEAST(GREATEST(IF(p.label = 1, p.probability, 1 - p.probability), 1e-15), 1 - 1e-15)),
  p.item_train_exposures, p.item_age_days, p.behavior_count, p.image_present, p.dt, p.run
FROM `${hivevar:database}`.`predictions` p
LEFT SEMI JOIN `${hivevar:database}`.`runs` r ON p.dt = r.dt AND p.run = r.run;

CREATE OR REPLACE VIEW `${hivevar:database}`.`daily_gauc` (
  `dt` COMMENT 'Day of the run',
  `run` COMMENT 'Name of the run',
  `shown_on` COMMENT 'Day of the impressions in UTC',
  `gauc` COMMENT 'AUCs of the users on this day, weighted by their impressions, equal predictions counting half',
  `impressions` COMMENT 'Impressions of the day',
  `ranked_users` COMMENT 'Users of the day with both labels, the others are left out of the GAUC'
)
COMMENT 'GAUC of a run by day of the impressions'
TBLPROPERTIES ('dicm.ddl.version' = '5')
AS SELECT
  dt, run, shown_on,
  SUM(IF(clicks > 0 AND others > 0, (clicks + others) * won / (clicks * others), 0))
    / SUM(IF(clicks > 0 AND others > 0, clicks + others, 0)),
  SUM(clicks + others),
  SUM(IF(clicks > 0 AND others > 0, 1, 0))
FROM (
  SELECT
    dt, run, shown_on, user_id,
    SUM(clicks) AS clicks,
    SUM(others) AS others,
    SUM(clicks * (below - others / 2)) AS won
  FROM (
    SELECT
      dt, run, shown_on, user_id, clicks, others,
      SUM(others) OVER (PARTITION BY dt, run, shown_on, user_id ORDER BY probability
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS below
    FROM (
      SELECT dt, run, shown_on, user_id, probability, SUM(label) AS clicks, SUM(1 - label) AS others
      FROM `${hivevar:database}`.`labeled_predictions`
      GROUP BY dt, run, shown_on, user_id, probability
    ) scores
  ) ranked
  GROUP BY dt, run, shown_on, user_id
) users
GROUP BY dt, run, shown_on;

CREATE OR REPLACE VIEW `${hivevar:database}`.`cold_start` (
  `dt` COMMENT 'Day of the run',
  `run` COMMENT 'Name of the run',
  `item_age_days` COMMENT 'Whole days since the first impression of the item in the log',
  `impressions` COMMENT 'Impressions of items of this age',
  `items` COMMENT 'Items of this age that were shown',
  `clicked` COMMENT 'Share of the impressions that was clicked',
  `predicted` COMMENT 'Mean predicted probability',
  `log_loss` COMMENT 'Mean loss of a prediction, nats',
  `auc` COMMENT 'AUC of the impressions of this age, equal predictions counting half, NULL when all labels are equal'
)
COMMENT 'How good a run is for items by their age'
TBLPROPERTIES ('dicm.ddl.version' = '5')
AS SELECT
  quality.dt, quality.run, quality.item_age_days, quality.impressions, quality.items,
  quality.clicked, quality.predicted, quality.log_loss, ranking.auc
FROM (
  SELECT
    dt, run, item_age_days, COUNT(*) AS impressions, COUNT(DISTINCT item_id) AS items,
    AVG(label) AS clicked, AVG(probability) AS predicted, AVG(log_loss) AS log_loss
  FROM `${hivevar:database}`.`labeled_predictions`
  WHERE item_age_days IS NOT NULL
  GROUP BY dt, run, item_age_days
) quality
JOIN (
  SELECT
    dt, run, item_age_days,
    -- Nothing by nothing would be NaN, which is not NULL.
    CASE WHEN SUM(clicks) > 0 AND SUM(others) > 0
      THEN SUM(clicks * (below - others / 2)) / (SUM(clicks) * SUM(others)) END AS auc
  FROM (
    SELECT
      dt, run, item_age_days, clicks, others,
      SUM(others) OVER (PARTITION BY dt, run, item_age_days ORDER BY probability
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS below
    FROM (
      SELECT dt, run, item_age_days, probability, SUM(label) AS clicks, SUM(1 - label) AS others
      FROM `${hivevar:database}`.`labeled_predictions`
      GROUP BY dt, run, item_age_days, probability
    ) scores
  ) ranked
  GROUP BY dt, run, item_age_days
) ranking
ON quality.dt = ranking.dt AND quality.run = ranking.run AND quality.item_age_days = ranking.item_age_days;

CREATE OR REPLACE VIEW `${hivevar:database}`.`code_drift` (
  `dt` COMMENT 'Day of the later run',
  `run` COMMENT 'Name of the later run',
  `from_dt` COMMENT 'Day of the earlier run, name all four columns of runs, all pairs of runs are compared else',
  `from_run` COMMENT 'Name of the earlier run',
  `images` COMMENT 'Pictures that have an ad code in both runs',
  `mean_distance` COMMENT 'Mean Euclidean distance of the ad codes of one picture in the two runs',
  `max_distance` COMMENT 'The largest of these distances',
  `mean_cosine` COMMENT 'Mean cosine of the ad codes of one picture, pictures with a code of zeros left out'
)
COMMENT 'How far pictures moved in the code space between the runs of two days'
TBLPROPERTIES ('dicm.ddl.version' = '5')
AS SELECT
  dt, run, from_dt, from_run, COUNT(*),
  AVG(SQRT(squares)), MAX(SQRT(squares)), AVG(products / SQRT(NULLIF(later_norm * earlier_norm, 0)))
FROM (
  SELECT
    dt, run, from_dt, from_run, image_id,
    SUM((v.x - from_code[v.i]) * (v.x - from_code[v.i])) AS squares,
    SUM(v.x * from_code[v.i]) AS products,
    SUM(v.x * v.x) AS later_norm,
    SUM(from_code[v.i] * from_code[v.i]) AS earlier_norm
  FROM (
    SELECT
      later.dt, later.run, earlier.dt AS from_dt, earlier.run AS from_run, later.image_id,
      later.ad_code AS code, earlier.ad_code AS from_code
    FROM `${hivevar:database}`.`image_codes` later
    JOIN `${hivevar:database}`.`image_codes` earlier ON later.image_id = earlier.image_id
    LEFT SEMI JOIN `${hivevar:database}`.`runs` later_run ON later.dt = later_run.dt AND later.run = later_run.run
    LEFT SEMI JOIN `${hivevar:database}`.`runs` earlier_run ON earlier.dt = earlier_run.dt AND earlier.run = earlier_run.run
    WHERE earlier.dt < later.dt
  ) pairs
  LATERAL VIEW posexplode(code) v AS i, x
  GROUP BY dt, run, from_dt, from_run, image_id
) images
GROUP BY dt, run, from_dt, from_run;

CREATE OR REPLACE VIEW `${hivevar:database}`.`missing_images` (
  `item_id` COMMENT 'Item that was shown, empty for one that was only clicked',
  `category` COMMENT 'Category of the item',
  `image_key` COMMENT '64-bit fingerprint of the name of its picture, 0 where the item names none',
  `in_train` COMMENT 'Whether training samples have it',
  `in_test` COMMENT 'Whether test samples have it',
  `dt` COMMENT 'Day of the run',
  `run` COMMENT 'Name of the run'
)
COMMENT 'Items of the samples of a run whose picture the feature store did not have on its day, name dt and run'
TBLPROPERTIES ('dicm.ddl.version' = '5')
AS SELECT
  item_id, category, image_key, MAX(split = 'train'), MAX(split = 'test'), dt, run
FROM (
  SELECT i.item_id, i.category, i.image_key, visible.split, visible.dt, visible.run
  FROM (
    SELECT s.items, s.split, s.dt, s.run
    FROM `${hivevar:database}`.`samples` s
    LEFT SEMI JOIN `${hivevar:database}`.`runs` r ON s.dt = r.dt AND s.run = r.run
  ) visible
  LATERAL VIEW inline(visible.items) i AS item_id, category, image_key
) items
WHERE NOT EXISTS (
  SELECT 1 FROM `${hivevar:database}`.`features` f WHERE f.image_key = items.image_key AND f.dt <= items.dt
)
GROUP BY item_id, category, image_key, dt, run;

CREATE OR REPLACE VIEW `${hivevar:database}`.`run_costs` (
  `dt` COMMENT 'Day of the run',
  `run` COMMENT 'Name of the run',
  `stage` COMMENT 'Stage of the pipeline',
  `role` COMMENT 'What the containers were',
  `containers` COMMENT 'Containers, those that were lost and replaced included',
  `failed` COMMENT 'Those that failed',
  `memory_mb` COMMENT 'Memory that YARN gave all of them, MiB',
  `peak_resident_mb` COMMENT 'Most memory that one of their processes had resident, MiB',
  `gb_hours` COMMENT 'Memory that was held times the time for which it was, GiB hours'
)
COMMENT 'What the gangs of a run held of the cluster'
TBLPROPERTIES ('dicm.ddl.version' = '5')
AS SELECT
  c.dt, c.run, c.stage, c.role, COUNT(*), SUM(IF(c.state = 'failed', 1, 0)), SUM(c.memory_mb),
  CAST(CEIL(MAX(c.peak_resident_bytes) / 1048576) AS BIGINT),
  SUM(c.memory_mb * CAST(c.last_seen_at - c.first_seen_at AS DOUBLE)) / 1024 / 3600000
FROM `${hivevar:database}`.`run_containers` c
LEFT SEMI JOIN `${hivevar:database}`.`runs` r ON c.dt = r.dt AND c.run = r.run
GROUP BY c.dt, c.run, c.stage, c.role;
