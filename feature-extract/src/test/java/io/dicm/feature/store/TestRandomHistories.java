package io.dicm.feature.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.key.Fingerprints;
import io.dicm.feature.encode.ExtractorDescription;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random sequences of extractions, earlier days, compactions and expiry, against a plain map of
 * what each day's snapshot must have.
 */
class TestRandomHistories {
  private static final int DIMENSION = 5;
  private static final int IMAGES = 60;
  private static final int STEPS = 15;
  private static final long HOUR_MS = 3_600_000L;
  private static final LocalDate FIRST = LocalDate.parse("2026-01-01");

  @TempDir java.nio.file.Path folder;
  private final Configuration conf = new Configuration();
  private final ExtractorDescription extractor =
      new ExtractorDescription("x", "layer", "digest", "none", DIMENSION, "float32");

  /** What each snapshot must have, by date and image. */
  private final TreeMap<String, Map<String, FeatureRecord>> model = new TreeMap<>();

  /** Since when images are absent, by date of the snapshot and image. */
  private final Map<String, Map<String, String>> absentSince = new HashMap<>();

  private final Map<FeatureSnapshot, Map<String, FeatureRecord>> opened = new HashMap<>();
  private FeatureStore store;
  private SmallExtraction extraction;
  private Random random;
  private long stamp;
  private int day;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void snapshotsHaveWhatAMapHas(long seed) throws IOException {
    store = FeatureStore.open(conf, new Path(new Path(folder.toUri()), "x"));
    extraction = new SmallExtraction(conf, store, extractor);
    random = new Random(seed);

    for (int step = 0; step < STEPS; step++) {
      step();
      check("seed " + seed + ", step " + step);
    }
  }

  private void step() throws IOException {
    int kind = model.isEmpty() ? 0 : random.nextInt(10);
    if (kind < 5) {
      day += random.nextInt(3);
      extract(FIRST.plusDays(day).toString());
    } else if (kind == 5) {
      extract(FIRST.plusDays(random.nextInt(day + 1)).toString());
    } else if (kind == 6) {
      FeatureSnapshot snapshot = store.snapshot();
      opened.put(snapshot, model.lastEntry().getValue());
    } else if (kind < 9) {
      compact();
    } else {
      expire();
    }
  }

  private void extract(String date) throws IOException {
    String base = model.floorKey(date);
    Map<String, FeatureRecord> images = new HashMap<>(base == null ? Map.of() : model.get(base));
    Map<String, String> absent = new HashMap<>(base == null ? Map.of() : absentSince.get(base));
    Map<String, FeatureRecord> changed = new HashMap<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      FeatureRecord image = randomImage();
      changed.put(image.imageId(), image);
      absent.remove(image.imageId());
    }
    Set<String> left = some(images.keySet(), 3);
    left.removeAll(changed.keySet());
    left.forEach(id -> absent.putIfAbsent(id, date));
    Set<String> forgotten = some(images.keySet(), 2);
    forgotten.removeAll(changed.keySet());
    forgotten.removeAll(left);
    images.putAll(changed);
    images.keySet().removeAll(forgotten);
    absent.keySet().removeAll(forgotten);

    extraction.publish(date, changed.values(), left, forgotten);

    model.put(date, images);
    absentSince.put(date, absent);
  }

  private void compact() throws IOException {
    Map<String, FeatureRecord> images = new HashMap<>(model.lastEntry().getValue());
    Set<String> forgotten = some(images.keySet(), 2);
    images.keySet().removeAll(forgotten);
    int files = 1 + random.nextInt(3);

    FeatureMaintenance.Compaction done = maintenance().compact(files, forgotten);

    assertThat(done.images()).isEqualTo(images.size());
    assertThat(done.filesAfter()).isLessThanOrEqualTo(files);
    absentSince.get(model.lastKey()).keySet().removeAll(forgotten);
    model.put(model.lastKey(), images);
  }

  private void expire() throws IOException {
    int days = 1 + random.nextInt(6);
    long keep = random.nextInt(IMAGES);
    boolean graceIsOver = random.nextBoolean();
    String first = FIRST.plusDays(day - days).toString();
    String newest = model.lastKey();
    Map<String, FeatureRecord> images = new HashMap<>(model.get(newest));
    Map<String, String> absent = absentSince.get(newest);
    absent.entrySet().stream()
        .filter(entry -> entry.getValue().compareTo(first) < 0)
        .sorted(Map.Entry.<String, String>comparingByValue().thenComparing(Map.Entry::getKey))
        .limit(Math.max(0, images.size() - keep))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(
            id -> {
              images.remove(id);
              absent.remove(id);
            });

    // All that this test wrote is younger than an hour.
    Clock clock =
        graceIsOver ? Clock.offset(Clock.systemUTC(), Duration.ofHours(2)) : Clock.systemUTC();
    new FeatureMaintenance(conf, store, clock).expire(FIRST.plusDays(day), days, keep, HOUR_MS);

    model.put(newest, images);
    model.keySet().removeIf(date -> date.compareTo(first) < 0 && !date.equals(newest));
    if (graceIsOver) {
      opened.clear();
    }
  }

  private FeatureMaintenance maintenance() {
    return new FeatureMaintenance(conf, store, Clock.systemUTC());
  }

  private void check(String when) throws IOException {
    assertThat(store.dates()).as(when).containsExactlyElementsOf(model.keySet());
    for (Map.Entry<String, Map<String, FeatureRecord>> date : model.entrySet()) {
      check(when + ", " + date.getKey(), store.snapshot(date.getKey()), date.getValue());
    }
    assertThat(maintenance().verify(model.lastKey())).as(when).isEmpty();
    for (Map.Entry<FeatureSnapshot, Map<String, FeatureRecord>> open : opened.entrySet()) {
      check(when + ", opened earlier", open.getKey(), open.getValue());
    }
  }

  private static void check(
      String when, FeatureSnapshot snapshot, Map<String, FeatureRecord> images) throws IOException {
    List<FeatureRecord> read = new ArrayList<>();
    snapshot.scan(bucket -> true, read::add);
    // In an order: AssertJ would compare each with each.
    assertThat(byId(read))
        .as(when)
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyElementsOf(byId(images.values()));
    IntPredicate odd = bucket -> bucket % 2 == 1;
    List<FeatureRecord> ofOdd = new ArrayList<>();
    snapshot.scan(odd, ofOdd::add);
    assertThat(snapshot.imageCount(odd)).as(when).isEqualTo(ofOdd.size());
    assertThat(snapshot.imageCount(bucket -> true)).as(when).isEqualTo(images.size());
    double mean = images.values().stream().mapToDouble(i -> i.feature()[2]).average().orElse(0);
    assertThat((double) snapshot.mean()[2]).as(when).isCloseTo(mean, within(1e-6));
    double variance =
        images.values().stream()
            .mapToDouble(i -> (i.feature()[2] - mean) * (i.feature()[2] - mean))
            .average()
            .orElse(0);
    assertThat((double) snapshot.standardDeviation()[2])
        .as(when)
        .isCloseTo(Math.sqrt(variance), within(1e-5));
  }

  private static List<FeatureRecord> byId(Collection<FeatureRecord> images) {
    return images.stream().sorted(Comparator.comparing(FeatureRecord::imageId)).toList();
  }

  private Set<String> some(Set<String> ids, int most) {
    List<String> all = new ArrayList<>(ids);
    all.sort(null);
    Set<String> some = new HashSet<>();
    for (int i = random.nextInt(most + 1); i > 0 && !all.isEmpty(); i--) {
      some.add(all.remove(random.nextInt(all.size())));
    }
    return some;
  }

  private FeatureRecord randomImage() {
    String id = "image " + random.nextInt(IMAGES);
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    String digest = String.format("%064x", random.nextLong() >>> 1);
    return new FeatureRecord(id, Fingerprints.imageKey(id), digest, vector, 1, 2, stamp++);
  }
}
