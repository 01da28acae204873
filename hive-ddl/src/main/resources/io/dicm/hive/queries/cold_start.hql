-- How good the model is for items by their age in days.
SELECT
  item_age_days,
  items,
  impressions,
  CAST(clicked AS DECIMAL(9, 4)) AS clicked,
  CAST(predicted AS DECIMAL(9, 4)) AS predicted,
  CAST(auc AS DECIMAL(9, 4)) AS auc
FROM `${hivevar:database}`.`cold_start`
WHERE dt = '${hivevar:dt}' AND run = '${hivevar:run}' AND auc IS NOT NULL
ORDER BY item_age_days;
