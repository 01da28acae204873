-- AUC and GAUC by slice, with their 95 % intervals.
SELECT
  slice,
  value,
  CAST(MAX(IF(metric = 'impressions', metric_value, NULL)) AS BIGINT) AS impressions,
  CAST(MAX(IF(metric = 'auc', metric_value, NULL)) AS DECIMAL(9, 4)) AS auc,
  CAST(MAX(IF(metric = 'auc', low, NULL)) AS DECIMAL(9, 4)) AS auc_low,
  CAST(MAX(IF(metric = 'auc', high, NULL)) AS DECIMAL(9, 4)) AS auc_high,
  CAST(MAX(IF(metric = 'gauc', metric_value, NULL)) AS DECIMAL(9, 4)) AS gauc,
  CAST(MAX(IF(metric = 'gauc', low, NULL)) AS DECIMAL(9, 4)) AS gauc_low,
  CAST(MAX(IF(metric = 'gauc', high, NULL)) AS DECIMAL(9, 4)) AS gauc_high
FROM `${hivevar:database}`.`metric_slices`
WHERE dt = '${hivevar:dt}' AND run = '${hivevar:run}'
GROUP BY slice, value
ORDER BY slice, value;
