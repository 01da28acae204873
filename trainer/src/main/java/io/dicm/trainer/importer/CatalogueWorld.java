package io.dicm.trainer.importer;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The products, the visitors and the laws by which they click. Clicks follow from the look (tastes
 * of all and of each user in colours and patterns), from what the tables tell (category, brand, age
 * group, position) and from a rest that only the item's ID tells.
 */
final class CatalogueWorld {
  private static final int BRANDS = 12;
  private static final int CITIES = 20;
  private static final int DAYS_OF_NEW_ITEMS = 2;
  private static final double NEW_ITEMS = 0.4;

  /** A part of the old items is hardly ever shown: between the new and the frequent ones. */
  private static final double RARE_ITEMS = 0.2;

  private static final double RARITY = 0.03;

  private static final double LOOK_OF_ALL = 1.2;
  private static final double LIKED = 1.4;
  private static final double NOT_LIKED = -0.5;
  private static final double BRAND_OF_ALL = 0.3;
  private static final double ITEM_APPEAL = 0.25;
  private static final double SHAPE_TASTE = 0.6;
  private static final double LOWER_POSITION = -0.15;

  private final Random random;
  private final List<CatalogueItem> items = new ArrayList<>();
  private final List<CatalogueUser> users = new ArrayList<>();
  private final Map<ProductColor, Double> colorsOfAll;
  private final Map<ProductPattern, Double> patternsOfAll;
  private final List<Double> brandsOfAll = new ArrayList<>();
  private final List<Map<ProductShape, Double>> shapesOfAges = new ArrayList<>();

  CatalogueWorld(CatalogueParameters parameters) {
    this.random = new Random(parameters.seed());
    this.colorsOfAll = normal(ProductColor.class, LOOK_OF_ALL);
    this.patternsOfAll = normal(ProductPattern.class, LOOK_OF_ALL);
    for (int brand = 0; brand < BRANDS; brand++) {
      brandsOfAll.add(random.nextGaussian() * BRAND_OF_ALL);
    }
    for (int age = 0; age < CatalogueUser.ageGroups(); age++) {
      shapesOfAges.add(normal(ProductShape.class, SHAPE_TASTE));
    }
    for (int i = 0; i < parameters.items(); i++) {
      items.add(item(i, parameters));
    }
    for (int i = 0; i < parameters.users(); i++) {
      users.add(user(i));
    }
  }

  List<CatalogueItem> items() {
    return items;
  }

  List<CatalogueUser> users() {
    return users;
  }

  /** Log-odds of a click, up to a constant: the part that tables tell. */
  double toldLogit(CatalogueUser user, CatalogueItem item, int position) {
    ProductShape shape = item.look().shape();
    return user.shapeTaste().get(shape)
        + shapesOfAges.get(user.ageGroup()).get(shape)
        + brandsOfAll.get(item.brand())
        + item.appeal()
        + LOWER_POSITION * position;
  }

  /** Log-odds of a click, up to a constant: the part that can be seen only. */
  double seenLogit(CatalogueUser user, CatalogueItem item) {
    ProductColor color = item.look().color();
    ProductPattern pattern = item.look().pattern();
    return colorsOfAll.get(color)
        + patternsOfAll.get(pattern)
        + user.colorTaste().get(color)
        + user.patternTaste().get(pattern);
  }

  private CatalogueItem item(int number, CatalogueParameters parameters) {
    boolean fresh = number >= parameters.items() * (1 - NEW_ITEMS);
    int freshDay = parameters.days() - 1 - random.nextInt(DAYS_OF_NEW_ITEMS);
    ProductColor color = any(ProductColor.values());
    boolean light = random.nextInt(4) > 0 || color == ProductColor.BLACK;
    Look look = new Look(any(ProductShape.values()), color, any(ProductPattern.values()), light);
    return new CatalogueItem(
        number,
        look,
        random.nextInt(BRANDS),
        fresh ? freshDay : 0,
        random.nextGaussian() * ITEM_APPEAL,
        StrictMath.exp(random.nextGaussian() * 0.5) * (fresh ? 1 : rarity()),
        random.nextInt(5) < 2);
  }

  private double rarity() {
    return random.nextDouble() < RARE_ITEMS ? RARITY : 1;
  }

  private CatalogueUser user(int number) {
    return new CatalogueUser(
        number,
        random.nextInt(CatalogueUser.ageGroups()),
        random.nextInt(CITIES),
        StrictMath.exp(random.nextGaussian() * 0.6),
        taste(ProductColor.class, 2),
        taste(ProductPattern.class, 1),
        normal(ProductShape.class, SHAPE_TASTE));
  }

  /** A few are liked, the others are not. */
  private <E extends Enum<E>> Map<E, Double> taste(Class<E> type, int liked) {
    Map<E, Double> taste = new EnumMap<>(type);
    for (E value : type.getEnumConstants()) {
      taste.put(value, NOT_LIKED);
    }
    for (int i = 0; i < liked; i++) {
      taste.put(any(type.getEnumConstants()), LIKED);
    }
    return taste;
  }

  private <E extends Enum<E>> Map<E, Double> normal(Class<E> type, double deviation) {
    Map<E, Double> values = new EnumMap<>(type);
    for (E value : type.getEnumConstants()) {
      values.put(value, random.nextGaussian() * deviation);
    }
    return values;
  }

  private <T> T any(T[] values) {
    return values[random.nextInt(values.length)];
  }
}
