-- What the bytes of the training were for, and what the images would have been as raw vectors.
SELECT
  traffic_class,
  SUM(bytes) AS bytes,
  CAST(SUM(bytes) / GREATEST(MAX(steps), 1) AS BIGINT) AS bytes_a_step,
  COALESCE(SUM(raw_vector_bytes), SUM(bytes)) AS bytes_with_raw_vectors
FROM `${hivevar:database}`.`traffic`
WHERE dt = '${hivevar:dt}' AND run = '${hivevar:run}'
GROUP BY traffic_class
ORDER BY bytes DESC, traffic_class;
