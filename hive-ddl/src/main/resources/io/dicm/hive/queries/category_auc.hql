-- AUC by category, for categories with clicked and other impressions. Needs DICM's functions.
SELECT
  category,
  COUNT(*) AS impressions,
  SUM(label) AS clicks,
  CAST(`${hivevar:database}`.`auc`(label, probability) AS DECIMAL(9, 4)) AS auc
FROM `${hivevar:database}`.`predictions`
WHERE dt = '${hivevar:dt}' AND run = '${hivevar:run}'
GROUP BY category
HAVING SUM(label) > 0 AND SUM(label) < COUNT(*)
ORDER BY auc, category;
