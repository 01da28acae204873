package io.dicm.common.config;

/**
 * The names of all configuration keys; {@code dicm-default.xml} holds their defaults and meaning.
 */
public final class DicmKeys {

  public static final String INPUT_PATH = "dicm.input.path";
  public static final String INPUT_ITEMS = "dicm.input.items";
  public static final String INPUT_USERS = "dicm.input.users";
  public static final String INPUT_IMPRESSIONS = "dicm.input.impressions";
  public static final String INPUT_BEHAVIORS = "dicm.input.behaviors";
  public static final String INPUT_FROM_DATE = "dicm.input.from-date";
  public static final String INPUT_TO_DATE = "dicm.input.to-date";
  public static final String INPUT_MAX_BAD_FRACTION = "dicm.input.max-bad-fraction";
  public static final String WORKSPACE_PATH = "dicm.workspace.path";
  public static final String RUN_DATE = "dicm.run.date";
  public static final String RUN_ID = "dicm.run.id";
  public static final String RUN_INCREMENTAL = "dicm.run.incremental";
  public static final String RUN_INCREMENTAL_START = "dicm.run.incremental-start";

  public static final String EXTRACT_ENCODER = "dicm.extract.encoder";
  public static final String EXTRACT_WEIGHTS = "dicm.extract.weights";
  public static final String EXTRACT_LAYER = "dicm.extract.layer";
  public static final String EXTRACT_PRECISION = "dicm.extract.precision";
  public static final String EXTRACT_VECTOR_PRECISION = "dicm.extract.vector-precision";
  public static final String EXTRACT_RESIZE = "dicm.extract.resize";
  public static final String EXTRACT_SEED = "dicm.extract.seed";
  public static final String EXTRACT_BATCH_SIZE = "dicm.extract.batch-size";
  public static final String EXTRACT_THREADS = "dicm.extract.threads";
  public static final String EXTRACT_DECODE_THREADS = "dicm.extract.decode-threads";
  public static final String EXTRACT_IMAGES = "dicm.extract.images";
  public static final String EXTRACT_SOURCE = "dicm.extract.source";
  public static final String EXTRACT_IMAGE_ID_COLUMN = "dicm.extract.image-id-column";
  public static final String EXTRACT_BYTES_COLUMN = "dicm.extract.bytes-column";
  public static final String EXTRACT_GPUS = "dicm.extract.gpus";
  public static final String EXTRACT_DEVICE = "dicm.extract.device";
  public static final String EXTRACT_MB_PER_SPLIT = "dicm.extract.mb-per-split";
  public static final String EXTRACT_IMAGES_PER_SPLIT = "dicm.extract.images-per-split";
  public static final String EXTRACT_MAX_CONCURRENT_MAPS = "dicm.extract.max-concurrent-maps";
  public static final String EXTRACT_REDUCERS = "dicm.extract.reducers";
  public static final String EXTRACT_MAP_MEMORY_MB = "dicm.extract.map-memory-mb";
  public static final String EXTRACT_REDUCE_MEMORY_MB = "dicm.extract.reduce-memory-mb";
  public static final String EXTRACT_MAX_IMAGE_BYTES = "dicm.extract.max-image-bytes";
  public static final String EXTRACT_MAX_IMAGE_PIXELS = "dicm.extract.max-image-pixels";
  public static final String EXTRACT_MAX_IMAGE_SECONDS = "dicm.extract.max-image-seconds";
  public static final String EXTRACT_SINCE = "dicm.extract.since";
  public static final String FEATURES_VERIFY = "dicm.features.verify";
  public static final String FEATURES_TOMBSTONES = "dicm.features.tombstones";
  public static final String FEATURES_EXPIRY_DAYS = "dicm.features.expiry-days";
  public static final String FEATURES_KEEP_IMAGES = "dicm.features.keep-images";
  public static final String FEATURES_GRACE_HOURS = "dicm.features.grace-hours";

  public static final String SAMPLES_MAX_BEHAVIORS = "dicm.samples.max-behaviors";
  public static final String SAMPLES_WINDOW_DAYS = "dicm.samples.window-days";
  public static final String SAMPLES_SHARED_IMAGES = "dicm.samples.shared-images";
  public static final String SAMPLES_SPLIT = "dicm.samples.split";
  public static final String SAMPLES_ITEM_HOLDOUT_FRACTION = "dicm.samples.item-holdout-fraction";
  public static final String SAMPLES_NEGATIVE_KEEP_FRACTION = "dicm.samples.negative-keep-fraction";
  public static final String SAMPLES_MIN_DWELL_SECONDS = "dicm.samples.min-dwell-seconds";
  public static final String SAMPLES_SEED = "dicm.samples.seed";
  public static final String SAMPLES_MAX_USER_EVENTS = "dicm.samples.max-user-events";
  public static final String SAMPLES_REDUCERS = "dicm.samples.reducers";
  public static final String SAMPLES_RUN = "dicm.samples.run";
  public static final String SAMPLES_LEASE_SAMPLES = "dicm.samples.lease-samples";
  public static final String SAMPLES_TRAIN_FROM = "dicm.samples.train-from";

  public static final String TRAIN_SERVERS = "dicm.train.servers";
  public static final String TRAIN_WORKERS = "dicm.train.workers";
  public static final String TRAIN_BATCH_SIZE = "dicm.train.batch-size";
  public static final String TRAIN_EPOCHS = "dicm.train.epochs";
  public static final String TRAIN_LEARNING_RATE = "dicm.train.learning-rate";
  public static final String TRAIN_LEARNING_RATE_FACTOR = "dicm.train.learning-rate-factor";
  public static final String TRAIN_LEARNING_RATE_STEPS = "dicm.train.learning-rate-steps";
  public static final String TRAIN_ID_LEARNING_RATE_RATIO = "dicm.train.id-learning-rate-ratio";
  public static final String TRAIN_ID_OPTIMIZER = "dicm.train.id-optimizer";
  public static final String TRAIN_ID_L1 = "dicm.train.id-l1";
  public static final String TRAIN_ID_L2 = "dicm.train.id-l2";
  public static final String TRAIN_NETWORK_LEARNING_RATE_RATIO =
      "dicm.train.network-learning-rate-ratio";
  public static final String TRAIN_WEIGHT_OPTIMIZER = "dicm.train.weight-optimizer";
  public static final String TRAIN_WEIGHT_LEARNING_RATE_RATIO =
      "dicm.train.weight-learning-rate-ratio";
  public static final String TRAIN_WEIGHT_L1 = "dicm.train.weight-l1";
  public static final String TRAIN_WEIGHT_L2 = "dicm.train.weight-l2";
  public static final String TRAIN_NETWORK_OPTIMIZER = "dicm.train.network-optimizer";
  public static final String TRAIN_ID_ADMISSION_COUNT = "dicm.train.id-admission-count";
  public static final String TRAIN_ID_EXPIRY_STEPS = "dicm.train.id-expiry-steps";
  public static final String TRAIN_ID_FLOOR_ROWS = "dicm.train.id-floor-rows";
  public static final String TRAIN_VECTOR_PRECISION = "dicm.train.vector-precision";
  public static final String TRAIN_ARITHMETIC = "dicm.train.arithmetic";
  public static final String TRAIN_PEER_VECTORS_MB = "dicm.train.peer-vectors-mb";
  public static final String TRAIN_MISSING_IMAGE = "dicm.train.missing-image";
  public static final String TRAIN_ROW_PRECISION = "dicm.train.row-precision";
  public static final String TRAIN_STALENESS = "dicm.train.staleness";
  public static final String TRAIN_SEED = "dicm.train.seed";
  public static final String TRAIN_IMAGES = "dicm.train.images";
  public static final String TRAIN_IMAGE_CONTROL = "dicm.train.image-control";
  public static final String TRAIN_PLANTED_SIGNAL = "dicm.train.planted-signal";
  public static final String TRAIN_WINDOW_TIMEOUT_MS = "dicm.train.window-timeout-ms";
  public static final String TRAIN_SHUFFLE_BUFFER = "dicm.train.shuffle-buffer";
  public static final String TRAIN_SAMPLE_ORDER = "dicm.train.sample-order";
  public static final String TRAIN_GROUP_SIZE = "dicm.train.group-size";
  public static final String TRAIN_THREADS = "dicm.train.threads";
  public static final String TRAIN_CHECKPOINT_STEPS = "dicm.train.checkpoint-steps";
  public static final String TRAIN_STOP_PATIENCE_SECONDS = "dicm.train.stop-patience-seconds";
  public static final String TRAIN_CHECKPOINTS_KEPT = "dicm.train.checkpoints-kept";
  public static final String TRAIN_MAX_RESTARTS = "dicm.train.max-restarts";
  public static final String TRAIN_RESTART_WINDOW_SECONDS = "dicm.train.restart-window-seconds";
  public static final String TRAIN_WARM_START = "dicm.train.warm-start";
  public static final String TRAIN_WARM_START_MODE = "dicm.train.warm-start-mode";
  public static final String TRAIN_PRETRAIN_FRACTION = "dicm.train.pretrain-fraction";
  public static final String TRAIN_IMAGE_EPOCHS = "dicm.train.image-epochs";
  public static final String MODEL_NETWORK = "dicm.model.network";
  public static final String MODEL_HIDDEN = "dicm.model.hidden";
  public static final String MODEL_ACTIVATION = "dicm.model.activation";
  public static final String MODEL_DROPOUT = "dicm.model.dropout";
  public static final String MODEL_PRODUCT = "dicm.model.product";
  public static final String MODEL_ATTENTION_HIDDEN = "dicm.model.attention-hidden";
  public static final String MODEL_ATTENTION_SOFTMAX = "dicm.model.attention-softmax";
  public static final String MODEL_AUXILIARY_WEIGHT = "dicm.model.auxiliary-weight";
  public static final String MODEL_AGGREGATOR = "dicm.model.aggregator";
  public static final String MODEL_CONCAT_BEHAVIORS = "dicm.model.concat-behaviors";
  public static final String MODEL_SIMTIER_TIERS = "dicm.model.simtier-tiers";
  public static final String MODEL_EMBEDDING_DIMENSION = "dicm.model.embedding-dimension";
  public static final String MODEL_SUB_MODEL = "dicm.model.sub-model";
  public static final String MODEL_SHARE_SUB_MODEL = "dicm.model.share-sub-model";

  public static final String PREDICT_BASELINE = "dicm.predict.baseline";
  public static final String PREDICT_MODEL = "dicm.predict.model";
  public static final String PREDICT_SAMPLES = "dicm.predict.samples";
  public static final String PREDICT_SPLIT = "dicm.predict.split";

  public static final String EVALUATE_BOOTSTRAP_REPLICATES = "dicm.evaluate.bootstrap-replicates";
  public static final String EVALUATE_CATEGORIES = "dicm.evaluate.categories";
  public static final String EVALUATE_REDUCERS = "dicm.evaluate.reducers";

  public static final String SECURITY_TLS = "dicm.security.tls";
  public static final String SECURITY_PRINCIPAL = "dicm.security.principal";
  public static final String SECURITY_KEYTAB = "dicm.security.keytab";
  public static final String SECURITY_RENEW_BY_KEYTAB = "dicm.security.renew-by-keytab";
  public static final String YARN_QUEUE = "dicm.yarn.queue";
  public static final String YARN_PRIORITY = "dicm.yarn.priority";
  public static final String YARN_TAGS = "dicm.yarn.tags";
  public static final String YARN_SUBMISSION_KEY = "dicm.yarn.submission-key";
  public static final String YARN_SUBMISSIONS_KEPT = "dicm.yarn.submissions-kept";
  public static final String YARN_CHECK_CAPACITY = "dicm.yarn.check-capacity";
  public static final String YARN_LIFETIME_SECONDS = "dicm.yarn.lifetime-seconds";
  public static final String YARN_VIEW_ACL = "dicm.yarn.view-acl";
  public static final String YARN_MODIFY_ACL = "dicm.yarn.modify-acl";
  public static final String YARN_MASTER_MAX_ATTEMPTS = "dicm.yarn.master.max-attempts";
  public static final String YARN_MASTER_FAILURE_WINDOW_SECONDS =
      "dicm.yarn.master.failure-window-seconds";
  public static final String YARN_MASTER_NODE_LABEL = "dicm.yarn.master.node-label";
  public static final String YARN_SERVER_NODE_LABEL = "dicm.yarn.server.node-label";
  public static final String YARN_WORKER_NODE_LABEL = "dicm.yarn.worker.node-label";
  public static final String YARN_PREDICTOR_NODE_LABEL = "dicm.yarn.predictor.node-label";
  public static final String YARN_MASTER_MEMORY_MB = "dicm.yarn.master.memory-mb";
  public static final String YARN_SERVER_MEMORY_MB = "dicm.yarn.server.memory-mb";
  public static final String YARN_WORKER_MEMORY_MB = "dicm.yarn.worker.memory-mb";
  public static final String YARN_PREDICTOR_MEMORY_MB = "dicm.yarn.predictor.memory-mb";
  public static final String YARN_SERVER_VCORES = "dicm.yarn.server.vcores";
  public static final String YARN_WORKER_VCORES = "dicm.yarn.worker.vcores";
  public static final String YARN_SERVER_GPUS = "dicm.yarn.server.gpus";
  public static final String YARN_WORKER_GPUS = "dicm.yarn.worker.gpus";
  public static final String YARN_PREDICTOR_GPUS = "dicm.yarn.predictor.gpus";
  public static final String YARN_SERVER_DEVICE = "dicm.yarn.server.device";
  public static final String YARN_WORKER_DEVICE = "dicm.yarn.worker.device";
  public static final String YARN_PREDICTOR_DEVICE = "dicm.yarn.predictor.device";
  public static final String YARN_HEAP_FRACTION = "dicm.yarn.heap-fraction";
  public static final String YARN_SERVER_HEAP_FRACTION = "dicm.yarn.server.heap-fraction";
  public static final String YARN_MEMORY_GROWTH = "dicm.yarn.memory-growth";
  public static final String YARN_NODE_FAILURES = "dicm.yarn.node-failures";
  public static final String YARN_GANG_TIMEOUT_SECONDS = "dicm.yarn.gang-timeout-seconds";
  public static final String YARN_ACCEPT_TIMEOUT_SECONDS = "dicm.yarn.accept-timeout-seconds";
  public static final String MAPREDUCE_LOCAL_INPUT_MB = "dicm.mapreduce.local-input-mb";
  public static final String YARN_HEARTBEAT_INTERVAL_MS = "dicm.yarn.heartbeat-interval-ms";
  public static final String YARN_SILENCE_LIMIT_SECONDS = "dicm.yarn.silence-limit-seconds";
  public static final String YARN_JAVA_HOME = "dicm.yarn.java-home";
  public static final String YARN_JDK_ARCHIVE = "dicm.yarn.jdk-archive";
  public static final String YARN_DOCKER_IMAGE = "dicm.yarn.docker-image";
  public static final String YARN_DOCKER_MOUNTS = "dicm.yarn.docker-mounts";
  public static final String YARN_MASTER_JAVA_HOME = "dicm.yarn.master.java-home";
  public static final String YARN_MASTER_JDK_ARCHIVE = "dicm.yarn.master.jdk-archive";
  public static final String YARN_MASTER_DOCKER_IMAGE = "dicm.yarn.master.docker-image";
  public static final String YARN_SERVER_JAVA_HOME = "dicm.yarn.server.java-home";
  public static final String YARN_SERVER_JDK_ARCHIVE = "dicm.yarn.server.jdk-archive";
  public static final String YARN_SERVER_DOCKER_IMAGE = "dicm.yarn.server.docker-image";
  public static final String YARN_WORKER_JAVA_HOME = "dicm.yarn.worker.java-home";
  public static final String YARN_WORKER_JDK_ARCHIVE = "dicm.yarn.worker.jdk-archive";
  public static final String YARN_WORKER_DOCKER_IMAGE = "dicm.yarn.worker.docker-image";
  public static final String YARN_PREDICTOR_JAVA_HOME = "dicm.yarn.predictor.java-home";
  public static final String YARN_PREDICTOR_JDK_ARCHIVE = "dicm.yarn.predictor.jdk-archive";
  public static final String YARN_PREDICTOR_DOCKER_IMAGE = "dicm.yarn.predictor.docker-image";
  public static final String YARN_JAVA_OPTIONS = "dicm.yarn.java-options";

  public static final String HIVE_JDBC_URL = "dicm.hive.jdbc-url";
  public static final String HIVE_DATABASE = "dicm.hive.database";
  public static final String HIVE_USER = "dicm.hive.user";
  public static final String HIVE_FUNCTIONS = "dicm.hive.functions";
  public static final String HIVE_STATISTICS = "dicm.hive.statistics";

  // Oozie
  public static final String OOZIE_URL = "dicm.oozie.url";

  private DicmKeys() {}
}
