-- Where two runs of one day rank differently, say one with pictures and one without, by category. Needs DICM's functions.
SELECT
  category,
  impressions,
  CAST(mean_change AS DECIMAL(9, 4)) AS mean_change,
  CAST(auc AS DECIMAL(9, 4)) AS auc,
  CAST(from_auc AS DECIMAL(9, 4)) AS from_auc
FROM (
  SELECT
    later.category,
    COUNT(*) AS impressions,
    AVG(ABS(later.probability - earlier.probability)) AS mean_change,
    `${hivevar:database}`.`auc`(later.label, later.probability) AS auc,
    `${hivevar:database}`.`auc`(earlier.label, earlier.probability) AS from_auc
  FROM `${hivevar:database}`.`labeled_predictions` later
  JOIN `${hivevar:database}`.`labeled_predictions` earlier ON later.impression_id = earlier.impression_id
  WHERE later.dt = '${hivevar:dt}' AND later.run = '${hivevar:run}'
    AND earlier.dt = '${hivevar:dt}' AND earlier.run = '${hivevar:from_run}'
  GROUP BY later.category
  HAVING SUM(later.label) > 0 AND SUM(later.label) < COUNT(*)
) changes
ORDER BY auc - from_auc DESC, category;
