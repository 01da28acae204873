-- New ads whose pictures look most like one of the ten items with the most clicks in training. Needs DICM's functions.
WITH pictures AS (
  SELECT i.item_id, MAX(i.image_key) AS image_key
  FROM `${hivevar:database}`.`samples` s
  LATERAL VIEW inline(s.items) i AS item_id, category, image_key
  WHERE s.dt = '${hivevar:dt}' AND s.run = '${hivevar:run}' AND i.item_id <> ''
  GROUP BY i.item_id
),
ads AS (
  SELECT p.item_id, c.train_exposures, c.train_clicks, f.feature
  FROM pictures p
  JOIN `${hivevar:database}`.`sample_items` c ON c.item_id = p.item_id
  JOIN `${hivevar:database}`.`features_as_of` f ON f.image_key = p.image_key
  WHERE c.dt = '${hivevar:dt}' AND c.run = '${hivevar:run}' AND f.as_of = '${hivevar:dt}'
),
best AS (
  SELECT item_id, feature
  FROM ads
  WHERE train_clicks > 0
  ORDER BY train_clicks DESC, item_id
  LIMIT 10
)
SELECT
  new_ad,
  found[0].id AS looks_like,
  CAST(found[0].similarity AS DECIMAL(9, 6)) AS cosine
FROM (
  SELECT
    a.item_id AS new_ad,
    `${hivevar:database}`.`nearest`(
      b.item_id, `${hivevar:database}`.`cosine_similarity`(a.feature, b.feature), 1) AS found
  FROM ads a
  CROSS JOIN best b
  WHERE a.train_exposures = 0
  GROUP BY a.item_id
) answer
ORDER BY cosine DESC, new_ad
LIMIT 10;
