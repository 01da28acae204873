-- What the containers of the run held of the cluster, the dearest first. MapReduce's tasks are in its own history server.
SELECT
  stage,
  role,
  containers,
  failed,
  memory_mb,
  peak_resident_mb,
  CAST(gb_hours AS DECIMAL(12, 4)) AS gb_hours
FROM `${hivevar:database}`.`run_costs`
WHERE dt = '${hivevar:dt}' AND run = '${hivevar:run}'
ORDER BY gb_hours DESC, stage, role;
