-- DICM's functions in the database, for good. Every statement may be run again; a function that queries use stays with them.
-- By hand: beeline -u URL --hivevar database=dicm --hivevar jar=hdfs:///data/dicm/hive/dicm-hive-udf.jar -f functions.hql

DROP FUNCTION IF EXISTS `${hivevar:database}`.`cosine_similarity`;
CREATE FUNCTION `${hivevar:database}`.`cosine_similarity` AS 'io.dicm.hive.udf.CosineSimilarity' USING JAR '${hivevar:jar}';

DROP FUNCTION IF EXISTS `${hivevar:database}`.`dot_product`;
CREATE FUNCTION `${hivevar:database}`.`dot_product` AS 'io.dicm.hive.udf.DotProduct' USING JAR '${hivevar:jar}';

DROP FUNCTION IF EXISTS `${hivevar:database}`.`l2_norm`;
CREATE FUNCTION `${hivevar:database}`.`l2_norm` AS 'io.dicm.hive.udf.L2Norm' USING JAR '${hivevar:jar}';

DROP FUNCTION IF EXISTS `${hivevar:database}`.`decode_half`;
CREATE FUNCTION `${hivevar:database}`.`decode_half` AS 'io.dicm.hive.udf.DecodeHalf' USING JAR '${hivevar:jar}';

DROP FUNCTION IF EXISTS `${hivevar:database}`.`nearest`;
CREATE FUNCTION `${hivevar:database}`.`nearest` AS 'io.dicm.hive.udf.Nearest' USING JAR '${hivevar:jar}';

DROP FUNCTION IF EXISTS `${hivevar:database}`.`auc`;
CREATE FUNCTION `${hivevar:database}`.`auc` AS 'io.dicm.hive.udf.AreaUnderCurve' USING JAR '${hivevar:jar}';

DROP FUNCTION IF EXISTS `${hivevar:database}`.`gauc`;
CREATE FUNCTION `${hivevar:database}`.`gauc` AS 'io.dicm.hive.udf.GroupedAreaUnderCurve' USING JAR '${hivevar:jar}';
