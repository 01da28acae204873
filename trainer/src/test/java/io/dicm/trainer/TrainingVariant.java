package io.dicm.trainer;

import io.dicm.ams.shard.VectorControl;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.strategy.StorageStrategy;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.ams.window.Staleness;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.trainer.TrainingGang.NetworkPlan;
import io.dicm.trainer.model.Aggregation;
import java.util.function.Consumer;

/** How a gang's servers and workers do it; immutable. */
public final class TrainingVariant {
  /** As the product's defaults are. */
  public static final TrainingVariant USUAL = new TrainingVariant();

  private boolean shareSubModel;
  private MissingImages missingImages = MissingImages.ZERO;
  private StorageStrategy strategy = StorageStrategy.AMS;
  private Staleness staleness = Staleness.SYNCHRONOUS;
  private float idRateRatio = 1;
  private Aggregation aggregation = Aggregation.USUAL;
  private VectorControl control = new VectorControl.None();
  private NetworkPlan network = NetworkPlan.USUAL;
  private VectorPrecision vectorPrecision = VectorPrecision.FLOAT32;
  private SubModelShape subModel = SubModelShape.USUAL;
  private ComputeDevice device = ComputeDevice.PROCESSOR;
  private Arithmetic arithmetic = Arithmetic.FLOAT32;

  private TrainingVariant() {}

  private TrainingVariant but(Consumer<TrainingVariant> change) {
    TrainingVariant other = new TrainingVariant();
    other.shareSubModel = shareSubModel;
    other.missingImages = missingImages;
    other.strategy = strategy;
    other.staleness = staleness;
    other.idRateRatio = idRateRatio;
    other.aggregation = aggregation;
    other.control = control;
    other.network = network;
    other.vectorPrecision = vectorPrecision;
    other.subModel = subModel;
    other.device = device;
    other.arithmetic = arithmetic;
    change.accept(other);
    return other;
  }

  /** One network for ad and behaviour images, or two. */
  public TrainingVariant with(boolean shared) {
    return but(other -> other.shareSubModel = shared);
  }

  /** Something else for images that are not there. */
  public TrainingVariant with(MissingImages missing) {
    return but(other -> other.missingImages = missing);
  }

  /** Otherwise stored. */
  public TrainingVariant with(StorageStrategy stored) {
    return but(other -> other.strategy = stored);
  }

  /** Otherwise scheduled. */
  public TrainingVariant with(Staleness scheduled) {
    return but(other -> other.staleness = scheduled);
  }

  /** With behaviours pooled otherwise. */
  public TrainingVariant with(Aggregation pooled) {
    return but(other -> other.aggregation = pooled);
  }

  /** With something done to the vectors. */
  public TrainingVariant with(VectorControl done) {
    return but(other -> other.control = done);
  }

  /** With vectors held otherwise. */
  public TrainingVariant with(VectorPrecision held) {
    return but(other -> other.vectorPrecision = held);
  }

  /** With another network on the side of IDs, and what is trained before all of it. */
  public TrainingVariant with(NetworkPlan plan) {
    return but(other -> other.network = plan);
  }

  /** With other layers of the sub-model's networks. */
  public TrainingVariant with(SubModelShape layers) {
    return but(other -> other.subModel = layers);
  }

  /** With another learning rate of the ID embeddings, by that of the networks. */
  public TrainingVariant withIdRateRatio(float ratio) {
    return but(other -> other.idRateRatio = ratio);
  }

  /** Computed elsewhere, by servers and workers. */
  public TrainingVariant on(ComputeDevice elsewhere, Arithmetic inArithmetic) {
    return but(
        other -> {
          other.device = elsewhere;
          other.arithmetic = inArithmetic;
        });
  }

  boolean shareSubModel() {
    return shareSubModel;
  }

  MissingImages missingImages() {
    return missingImages;
  }

  StorageStrategy strategy() {
    return strategy;
  }

  Staleness staleness() {
    return staleness;
  }

  float idRateRatio() {
    return idRateRatio;
  }

  Aggregation aggregation() {
    return aggregation;
  }

  VectorControl control() {
    return control;
  }

  NetworkPlan network() {
    return network;
  }

  VectorPrecision vectorPrecision() {
    return vectorPrecision;
  }

  SubModelShape subModel() {
    return subModel;
  }

  ComputeDevice device() {
    return device;
  }

  Arithmetic arithmetic() {
    return arithmetic;
  }
}
