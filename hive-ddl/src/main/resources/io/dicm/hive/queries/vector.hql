-- Length and L2 norm of one picture's whole vector. A partition of features has what was new on its day:
-- the newest row of an image up to the day counts.
SELECT
  f.image_id,
  COUNT(*) AS length,
  CAST(SQRT(SUM(v.x * v.x)) AS DECIMAL(12, 4)) AS l2_norm,
  SUM(IF(v.x > 0, 1, 0)) AS positive
FROM (
  SELECT
    features.image_id,
    features.feature,
    ROW_NUMBER() OVER (ORDER BY features.dt DESC, features.extracted_at DESC) AS version
  FROM `${hivevar:database}`.`features` features
  JOIN (
    SELECT MIN(image_id) AS image_id
    FROM `${hivevar:database}`.`features`
    WHERE dt <= '${hivevar:dt}'
  ) first_image ON features.image_id = first_image.image_id
  WHERE features.dt <= '${hivevar:dt}'
) f
LATERAL VIEW posexplode(f.feature) v AS i, x
WHERE f.version = 1
GROUP BY f.image_id;
