-- GAUC by day of the impressions, for days with a user who clicked some and not all of what was shown.
SELECT
  shown_on,
  impressions,
  ranked_users,
  CAST(gauc AS DECIMAL(9, 4)) AS gauc
FROM `${hivevar:database}`.`daily_gauc`
WHERE dt = '${hivevar:dt}' AND run = '${hivevar:run}' AND ranked_users > 0
ORDER BY shown_on;
