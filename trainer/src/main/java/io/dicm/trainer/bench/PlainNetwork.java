package io.dicm.trainer.bench;

import io.dicm.trainer.model.Bags;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.train.Batch;
import java.util.Arrays;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Embedding &amp; MLP with multi-query attention over pictures' codes, or without pictures, as a
 * plain libtorch program writes it: everything is left to automatic differentiation.
 */
final class PlainNetwork {
  private static final int CLASSES = 2;
  private static final long SUM = 0;
  private static final long MEAN = 1;

  private final NetworkShape shape;
  private final PlainLayers imageAttention;
  private final PlainLayers idAttention;
  private final PlainLayers perceptron;

  /**
   * @param shape joint or without pictures
   * @param parameters gets all tensors
   */
  PlainNetwork(NetworkShape shape, TensorVector parameters) {
    this.shape = shape;
    int code = shape.codeDimension();
    boolean pictures = shape.images() == ImageMode.JOINT;
    boolean asksWithIds = pictures && !shape.queryFields().isEmpty();
    this.imageAttention = pictures ? new PlainLayers(parameters, 2 * code, 64, 16, 1) : null;
    this.idAttention =
        asksWithIds ? new PlainLayers(parameters, code + shape.idQueryWidth(), 64, 16, 1) : null;
    int codes = (pictures ? 2 : 0) + (asksWithIds ? 1 : 0);
    this.perceptron = new PlainLayers(parameters, shape.idWidth() + codes * code, 200, 80, CLASSES);
  }

  /**
   * [impressions, 2].
   *
   * @param ids rows of the batch's IDs
   * @param adCodes codes of the pictures shown, null without pictures
   * @param behaviorCodes of behaviours, null without pictures
   */
  Tensor logits(Batch batch, Tensor ids, Tensor adCodes, Tensor behaviorCodes) {
    TensorVector inputs = new TensorVector();
    if (shape.sampleBags() > 0) {
      Tensor ofSamples =
          pool(ids, batch.indices().sampleIds(), MEAN).view(batch.indices().samples(), -1);
      inputs.push_back(ofSamples.index_select(0, indices(batch.indices().sampleOfImpression())));
    }
    Tensor items = pool(ids, batch.indices().impressionIds(), MEAN).view(batch.impressions(), -1);
    inputs.push_back(items);
    if (imageAttention != null) {
      addPictures(batch, items, adCodes, behaviorCodes, inputs);
    }
    return perceptron.apply(torch.cat(inputs, 1));
  }

  private void addPictures(
      Batch batch, Tensor items, Tensor adCodes, Tensor behaviorCodes, TensorVector inputs) {
    Tensor ad = pool(adCodes, batch.indices().adImages(), SUM);
    Bags behaviors = batch.indices().behaviorImages();
    Tensor gathered = behaviorCodes.index_select(0, indices(behaviors.rows()));
    Tensor owners = indices(owners(behaviors));
    inputs.push_back(ad);
    inputs.push_back(attend(imageAttention, gathered, ad, owners));
    if (idAttention != null) {
      inputs.push_back(attend(idAttention, gathered, idQuery(items), owners));
    }
  }

  private static Tensor attend(PlainLayers weigher, Tensor gathered, Tensor query, Tensor owners) {
    Tensor queries = query.index_select(0, owners);
    Tensor weights = weigher.apply(torch.cat(new TensorVector(gathered, queries), 1));
    return torch.zeros(query.size(0), gathered.size(1)).index_add(0, owners, gathered.mul(weights));
  }

  private Tensor idQuery(Tensor items) {
    TensorVector parts = new TensorVector();
    int dimension = shape.embeddingDimension();
    for (int field : shape.queryFields()) {
      parts.push_back(items.narrow(1, (long) field * dimension, dimension));
    }
    return torch.cat(parts, 1);
  }

  private static Tensor pool(Tensor table, Bags bags, long mode) {
    return torch
        .embedding_bag(
            table,
            indices(bags.rows()),
            indices(bags.offsets()),
            false,
            mode,
            false,
            new TensorOptional(),
            false)
        .get0();
  }

  private static int[] owners(Bags bags) {
    int[] owners = new int[bags.rows().length];
    for (int bag = 0; bag < bags.count(); bag++) {
      Arrays.fill(owners, bags.offsets()[bag], bags.end(bag), bag);
    }
    return owners;
  }

  private static Tensor indices(int[] values) {
    return AbstractTensor.create(values, values.length);
  }
}
