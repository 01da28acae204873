-- Pictures and rows of the input that the run left out, by reason, with one example each.
SELECT
  source,
  reason,
  COUNT(*) AS listed,
  MIN(place) AS example
FROM `${hivevar:database}`.`rejects`
WHERE dt = '${hivevar:dt}' AND run = '${hivevar:run}'
GROUP BY source, reason
ORDER BY listed DESC, source, reason;
