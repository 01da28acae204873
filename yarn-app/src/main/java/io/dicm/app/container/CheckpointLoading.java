package io.dicm.app.container;

import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.shard.ImageControl;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.shard.VectorScaling;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.master.checkpoint.CheckpointOrigin;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.store.FeatureStore;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.ModelDescription;
import io.dicm.trainer.predict.CheckpointModel;
import io.dicm.trainer.predict.Model;
import io.dicm.trainer.predict.WantedImages;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/**
 * Makes a predictor's model of a checkpoint.
 *
 * @param context of the predictor
 * @param store of the vectors
 */
record CheckpointLoading(RoleContext context, FeatureStore store) {

  /**
   * The model with codes of the images that the samples refer to.
   *
   * @param samples that will be scored; closed
   * @throws DicmException {@link ErrorCode#SCHEMA_MISMATCH} when the checkpoint's training had
   *     other features, pictures or settings
   */
  Model load(Path checkpoint, FeatureSchema schema, SampleSource samples) throws IOException {
    DicmConfiguration conf = context.conf();
    CheckpointOrigin origin = CheckpointOrigin.read(conf.hadoop(), checkpoint);
    require(checkpoint, "features' digest", origin.schemaDigest(), schema.digest());
    String extractor = context.assignment().getExtractorId();
    require(checkpoint, "extractor", origin.extractorId(), extractor);
    // A control's vectors are made when servers load; the store does not have them.
    require(
        checkpoint,
        DicmKeys.TRAIN_IMAGE_CONTROL,
        origin.imageControl().name(),
        ImageControl.NONE.name());
    CheckpointModel model =
        CheckpointModel.open(conf.hadoop(), checkpoint, OptimizerSettings.of(conf));
    WantedImages images = WantedImages.of(samples);
    try (ComputeCrew crew = new ComputeCrew("predictor", ContainerSettings.threads(conf))) {
      return model.model(
          description(model, origin, schema),
          // As in training, whatever pictures have come since.
          VectorScaling.of(store.snapshotAsOf(origin.date())),
          store.snapshotAsOf(context.settings().date()),
          images,
          crew,
          PredictorProgram.vectorBytes());
    }
  }

  private ModelDescription description(
      CheckpointModel model, CheckpointOrigin origin, FeatureSchema schema) {
    DicmConfiguration conf = context.conf();
    CheckpointManifest manifest = model.manifest();
    int codeDimension = manifest.subModel().codeDimension(manifest.inputDimension());
    // A network that reads no embeddings has none; then the length says nothing.
    int dimension = Math.max(1, manifest.embeddingDimension());
    return ModelDescription.of(
        schema,
        new DicmNetwork(origin.choice().shape(schema, dimension).withCodes(codeDimension)),
        manifest.subModel(),
        origin.extractorId(),
        false,
        new ModelDescription.Training(
            manifest.seed(),
            0,
            manifest.steps(),
            ContainerSettings.batchSize(conf),
            1,
            0,
            null,
            manifest.idOptimizer(),
            null,
            model.hasMissingCode()
                ? MissingImages.LEARNED
                : unlearned(
                    origin.missingImagesOr(
                        conf.choice(DicmKeys.TRAIN_MISSING_IMAGE, MissingImages.class))),
            origin.negativeKeepFraction(),
            origin.imageControl(),
            origin.imageBranch() ? 1 : 0,
            origin.vectorPrecisionOr(
                conf.choice(DicmKeys.TRAIN_VECTOR_PRECISION, VectorPrecision.class))));
  }

  /** What stands for missing pictures where the checkpoint has no code for them. */
  private static MissingImages unlearned(MissingImages trained) {
    return trained == MissingImages.LEARNED ? MissingImages.ZERO : trained;
  }

  private static void require(Path checkpoint, String what, String there, String here) {
    if (!there.equals(here)) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot use the checkpoint %s: its %s is %s, here it is %s."
              .formatted(checkpoint, what, there, here));
    }
  }
}
