package io.dicm.trainer.network;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Two towers, for pre-ranking: 200 - 10 on each side by default, PReLU after all but the last
 * layer, inner product (arXiv 1711.06505, section on the pre-rank model). The user's tower reads
 * the user's fields, the pooled behaviours and their pictures, and the context, which is known when
 * ranking begins; the item's reads the item's fields and its picture. Neither sees the other's.
 */
final class TwoTowers implements TowerNetwork {
  private static final String BIAS = "towers.bias";

  private final IdShape shape;
  private final int width;
  private final Tower user;
  private final Tower item;

  TwoTowers(NetworkOptions options, IdShape shape) {
    this.shape = shape;
    this.width = options.hidden().get(options.hidden().size() - 1);
    int userFields = shape.sampleFields() + shape.contextFields();
    this.user =
        Tower.of(
            options,
            "user_tower",
            userFields * shape.embeddingWidth() + shape.behaviorImageWidth());
    this.item =
        Tower.of(
            options,
            "item_tower",
            shape.itemFields() * shape.embeddingWidth() + shape.adImageWidth());
  }

  /** Hidden layers, then a linear one. */
  private record Tower(HiddenLayers hidden, LinearLayer last) {
    static Tower of(NetworkOptions options, String name, int inputs) {
      int hiddenLayers = options.hidden().size() - 1;
      List<Integer> widths = options.hidden().subList(0, hiddenLayers);
      HiddenLayers hidden =
          new HiddenLayers(name, inputs, widths, options.activation(), options.dropout());
      return new Tower(
          hidden,
          new LinearLayer(
              name + "." + hiddenLayers, hidden.outputWidth(), options.hidden().get(hiddenLayers)));
    }

    void declare(ParameterSet set) {
      hidden.declare(set);
      last.declare(set);
    }

    Tensor apply(Tensor x, ForwardPass pass) {
      return last.apply(hidden.apply(x, pass), pass.parameters());
    }
  }

  @Override
  public void declare(ParameterSet set) {
    user.declare(set);
    item.declare(set);
    set.declare(BIAS, new Initial.Constant(0), 1);
  }

  @Override
  public int towerWidth() {
    return width;
  }

  @Override
  public Towers towers(IdInputs ids, Tensor images, ForwardPass pass) {
    int ad = shape.adImageWidth();
    Tensor users =
        IdInputs.join(
            ids.flatSample(), ids.flatContext(), part(images, ad, shape.behaviorImageWidth()));
    Tensor items = IdInputs.join(ids.flatItem(), part(images, 0, ad));
    return new Towers(user.apply(users, pass), item.apply(items, pass));
  }

  @Override
  public Tensor bias(ForwardPass pass) {
    return pass.parameter(BIAS);
  }

  private static Tensor part(Tensor images, int from, int count) {
    return count == 0 ? null : images.narrow(1, from, count);
  }
}
