-- The five pictures whose ad codes are nearest to one picture's, by squared distance.
SELECT
  n.image_id,
  CAST(SUM((n.x - q.x) * (n.x - q.x)) AS DECIMAL(12, 6)) AS squared_distance
FROM (
  SELECT image_id, v.i, v.x
  FROM `${hivevar:database}`.`image_codes`
  LATERAL VIEW posexplode(ad_code) v AS i, x
  WHERE dt = '${hivevar:dt}' AND run = '${hivevar:run}'
) n
JOIN (
  SELECT image_id, v.i, v.x
  FROM `${hivevar:database}`.`image_codes`
  LATERAL VIEW posexplode(ad_code) v AS i, x
  WHERE dt = '${hivevar:dt}' AND run = '${hivevar:run}' AND image_id = '${hivevar:image}'
) q ON n.i = q.i
WHERE n.image_id <> q.image_id
GROUP BY n.image_id
ORDER BY squared_distance
LIMIT 5;
