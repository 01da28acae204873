-- Items of the samples without a vector of their picture, by category.
SELECT
  category,
  COUNT(*) AS items,
  SUM(IF(image_key = 0, 1, 0)) AS name_no_picture,
  SUM(IF(in_test, 1, 0)) AS items_in_test
FROM `${hivevar:database}`.`missing_images`
WHERE dt = '${hivevar:dt}' AND run = '${hivevar:run}'
GROUP BY category
ORDER BY items DESC, category;
