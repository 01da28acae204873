-- Predicted against true click-through, in ten steps of predicted probability.
SELECT
  CAST(LEAST(FLOOR(probability * 10), 9) / 10 AS DECIMAL(3, 1)) AS from_probability,
  COUNT(*) AS impressions,
  CAST(AVG(probability) AS DECIMAL(9, 4)) AS predicted,
  CAST(AVG(label) AS DECIMAL(9, 4)) AS clicked
FROM `${hivevar:database}`.`predictions`
WHERE dt = '${hivevar:dt}' AND run = '${hivevar:run}'
GROUP BY LEAST(FLOOR(probability * 10), 9)
ORDER BY from_probability;
