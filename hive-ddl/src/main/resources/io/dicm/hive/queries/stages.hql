-- What each stage of the run took, the longest first.
SELECT
  stage,
  state,
  CAST(duration_ms / 1000 AS DECIMAL(12, 1)) AS seconds,
  CAST(100.0 * duration_ms / SUM(duration_ms) OVER () AS DECIMAL(4, 1)) AS percent_of_run
FROM `${hivevar:database}`.`runs`
WHERE dt = '${hivevar:dt}' AND run = '${hivevar:run}'
ORDER BY seconds DESC, stage;
