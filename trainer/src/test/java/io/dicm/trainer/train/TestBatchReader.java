package io.dicm.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.train.BatchPrefetcher.ReadyBatch;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestBatchReader {
  private static final NetworkShape SHAPE =
      new NetworkShape(1, 1, 1, 0, List.of(0), 4, 4, ImageMode.JOINT);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 7, 1000})
  void everyImpressionComesOnceInOrderInFullBatches(int batchSize) throws IOException {
    List<Sample> samples = new RandomSamples(SHAPE, 3).list(25);
    List<String> expected = ids(samples);
    ListSource source = new ListSource(samples);
    List<String> found = new ArrayList<>();
    try (BatchReader reader = new BatchReader(source, new BatchAssembler(SHAPE), batchSize)) {
      for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
        found.addAll(ids(batch.samples()));
        boolean last = found.size() == expected.size();
        assertThat(last || batch.impressions() == batchSize).isTrue();
      }
    }
    assertThat(found).isEqualTo(expected);
    assertThat(source.closed()).isTrue();
  }

  /** Going on after a checkpoint: the batches left out are exactly those made before. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 4, 11, 12, 1000})
  void skippedBatchesAreThoseThatWouldHaveCome(long count) throws IOException {
    List<Sample> samples = new RandomSamples(SHAPE, 3).list(25);
    List<List<String>> all = batches(samples, 0);
    List<List<String>> rest = batches(samples, count);
    assertThat(rest).isEqualTo(all.subList((int) Math.min(count, all.size()), all.size()));
  }

  private static List<List<String>> batches(List<Sample> samples, long skipped) throws IOException {
    List<List<String>> batches = new ArrayList<>();
    try (BatchReader reader =
        new BatchReader(new ListSource(samples), new BatchAssembler(SHAPE), 4)) {
      long left = reader.skip(skipped);
      for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
        batches.add(ids(batch.samples()));
      }
      assertThat(left).isLessThanOrEqualTo(skipped);
      assertThat(left == skipped || batches.isEmpty()).isTrue();
    }
    return batches;
  }

  @Test
  void prefetcherGivesTheSameBatchesAndEndsItsThread() {
    List<Sample> samples = new RandomSamples(SHAPE, 3).list(25);
    ListSource source = new ListSource(samples);
    List<String> found = new ArrayList<>();
    try (BatchPrefetcher batches = prefetcher(epochOf(source, 4), "test-batches")) {
      for (ReadyBatch next = batches.next(); next != null; next = batches.next()) {
        found.addAll(ids(next.batch().batch().samples()));
      }
    }
    assertThat(found).isEqualTo(ids(samples));
    assertThat(source.closed()).isTrue();
    assertThat(threads()).doesNotContain("test-batches");
  }

  @Test
  void prefetcherClosedEarlyEndsItsThreadAndItsSource() {
    ListSource source = new ListSource(new RandomSamples(SHAPE, 3).list(500));
    try (BatchPrefetcher batches = prefetcher(epochOf(source, 1), "test-batches-early")) {
      assertThat(batches.next()).isNotNull();
    }
    assertThat(threads()).doesNotContain("test-batches-early");
    assertThat(source.closed()).isTrue();
  }

  /** As HDFS's and the local file system's streams do. */
  @Test
  void prefetcherEndsItsThreadWhenItsSourceSwallowsTheInterrupt() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    ListSource samples = new ListSource(new RandomSamples(SHAPE, 3).list(4));
    SampleSource swallowing =
        new SampleSource() {
          private int batches;

          @Override
          public Sample next() throws IOException {
            if (batches++ < 4) {
              Sample sample = samples.next();
              return new Sample(
                  sample.userId(),
                  sample.timestampSeconds(),
                  sample.userKeys(),
                  sample.behaviors(),
                  sample.impressions().subList(0, 1));
            }
            reading.countDown();
            try {
              new CountDownLatch(1).await();
              throw new IllegalStateException("Nobody opens the latch");
            } catch (InterruptedException e) {
              throw new InterruptedIOException("closed by interrupt");
            }
          }

          @Override
          public void close() {}
        };
    try (BatchPrefetcher batches = prefetcher(epochOf(swallowing, 1), "test-swallowing")) {
      reading.await();
    }
    assertThat(threads()).doesNotContain("test-swallowing");
  }

  @Test
  void prefetcherPassesOnWhyItCannotRead() {
    SampleSource broken =
        new SampleSource() {
          @Override
          public Sample next() throws IOException {
            throw new IOException("disk gone");
          }

          @Override
          public void close() {}
        };
    try (BatchPrefetcher batches = prefetcher(epochOf(broken, 1), "test-broken")) {
      assertThatThrownBy(batches::next).hasMessage("Cannot read samples: disk gone");
    }
  }

  private static BatchPrefetcher prefetcher(TrainingBatches batches, String thread) {
    return new BatchPrefetcher(batches, new DicmNetwork(SHAPE), thread);
  }

  private static TrainingBatches epochOf(SampleSource source, int batchSize) {
    return new TrainingBatches(
        new TrainingOptions(0, 1, batchSize, 1, 1, 1, 0),
        SHAPE,
        epoch -> source,
        ItemCatalogue.EMPTY);
  }

  private static List<String> ids(List<Sample> samples) {
    return samples.stream()
        .flatMap(sample -> sample.impressions().stream())
        .map(Impression::impressionId)
        .toList();
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }
}
