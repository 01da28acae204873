-- How far the pictures' ad codes moved from one day's runs to another's.
SELECT
  from_run,
  run,
  images,
  CAST(mean_distance AS DECIMAL(12, 6)) AS mean_distance,
  CAST(max_distance AS DECIMAL(12, 6)) AS max_distance,
  CAST(mean_cosine AS DECIMAL(9, 6)) AS mean_cosine
FROM `${hivevar:database}`.`code_drift`
WHERE dt = '${hivevar:dt}' AND run = '${hivevar:run}' AND from_dt = '${hivevar:from_dt}'
ORDER BY from_run;
