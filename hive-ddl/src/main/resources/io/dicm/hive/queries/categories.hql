-- Best and worst categories by predicted click-through.
WITH by_category AS (
  SELECT
    category,
    COUNT(*) AS impressions,
    AVG(label) AS clicked,
    AVG(probability) AS predicted
  FROM `${hivevar:database}`.`predictions`
  WHERE dt = '${hivevar:dt}' AND run = '${hivevar:run}'
  GROUP BY category
),
ranked AS (
  SELECT
    by_category.*,
    ROW_NUMBER() OVER (ORDER BY predicted DESC, category) AS place,
    COUNT(*) OVER () AS categories
  FROM by_category
)
SELECT
  place,
  category,
  impressions,
  CAST(clicked AS DECIMAL(9, 4)) AS click_through,
  CAST(predicted AS DECIMAL(9, 4)) AS predicted_click_through
FROM ranked
WHERE place <= 3 OR place > categories - 3
ORDER BY place;
