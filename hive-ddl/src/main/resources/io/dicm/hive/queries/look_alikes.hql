-- The five pictures whose vectors are nearest to one picture's, as known at the end of the day. Needs DICM's functions.
SELECT
  n.image_id,
  CAST(n.similarity AS DECIMAL(9, 6)) AS cosine
FROM (
  SELECT
    `${hivevar:database}`.`nearest`(
      f.image_id, `${hivevar:database}`.`cosine_similarity`(f.feature, q.feature), 5) AS found
  FROM `${hivevar:database}`.`features_as_of` f
  CROSS JOIN (
    SELECT image_id, feature
    FROM `${hivevar:database}`.`features_as_of`
    WHERE as_of = '${hivevar:dt}' AND image_id = '${hivevar:image}'
  ) q
  WHERE f.as_of = '${hivevar:dt}' AND f.image_id <> q.image_id
) answer
LATERAL VIEW inline(answer.found) n AS image_id, similarity
ORDER BY cosine DESC, n.image_id;
