-- Metrics of the run, with what the run took.
SELECT
  m.metric,
  CAST(m.value AS DECIMAL(12, 5)) AS value,
  r.stages,
  r.run_seconds
FROM `${hivevar:database}`.`metrics` m
CROSS JOIN (
  SELECT
    COUNT(*) AS stages,
    CAST((MAX(finished_at) - MIN(started_at)) / 1000 AS DECIMAL(12, 1)) AS run_seconds
  FROM `${hivevar:database}`.`runs`
  WHERE dt = '${hivevar:dt}' AND run = '${hivevar:run}'
) r
WHERE m.dt = '${hivevar:dt}' AND m.run = '${hivevar:run}'
ORDER BY m.metric;
