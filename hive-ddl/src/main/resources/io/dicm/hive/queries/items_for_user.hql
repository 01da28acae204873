-- The five items that suit a user best by the vectors of a network with two towers. Needs DICM's functions.
SELECT
  n.item_id,
  CAST(1 / (1 + EXP(-n.log_odds)) AS DECIMAL(9, 6)) AS probability
FROM (
  SELECT
    `${hivevar:database}`.`nearest`(
      i.item_id, `${hivevar:database}`.`dot_product`(u.vector, i.vector) + u.bias, 5) AS found
  FROM `${hivevar:database}`.`item_vectors` i
  CROSS JOIN (
    SELECT vector, bias
    FROM `${hivevar:database}`.`user_vectors`
    WHERE dt = '${hivevar:dt}' AND run = '${hivevar:run}' AND user_id = '${hivevar:user}'
  ) u
  WHERE i.dt = '${hivevar:dt}' AND i.run = '${hivevar:run}'
) answer
LATERAL VIEW inline(answer.found) n AS item_id, log_odds
ORDER BY probability DESC, n.item_id;
