package io.dicm.app.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.dicm.ams.strategy.StorageStrategy;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Table 2 of arXiv 1711.06505 from the counts that its text has. The letters of the table are not
 * one unit: what a mini-batch moves comes out in MiB (1.4 M IDs x 12 x 4 bytes x 2 are 128.2 of
 * them, 320 k vectors of 16 KiB are 5,000), G and T being thousands of the letter before; the
 * totals of samples and of vectors come out in powers of ten.
 */
class TestStrategyFigures {
  private static final double MIB = 1 << 20;
  private static final double PERCENT = 5;

  private final AssumedCounts paper =
      AssumedCounts.of(
          Map.ofEntries(
              Map.entry("images", "0.12e9"),
              Map.entry("samples", "3.9e9"),
              Map.entry("nodes", "20"),
              Map.entry("batch-size", "3000"),
              Map.entry("images-per-sample", "32.6"),
              // Of 1.96 M references in a mini-batch, 320 k images are left.
              Map.entry("unique-image-ratio", Double.toString(320e3 / 1.96e6)),
              Map.entry("ids-per-sample", Double.toString(1.4e6 / 60e3)),
              // How long a sample is, the paper tells by the total of all alone: 8.8 T.
              Map.entry("sample-bytes", Double.toString(8.8e12 / 3.9e9))));

  @Test
  void batchesAreThePapers() {
    assertThat(paper.batchOfAll()).isEqualTo(60_000);
    assertThat(paper.batches()).isEqualTo(65_000);
    assertThat(paper.uniqueImagesOfBatch()).isCloseTo(320e3, withinPercentage(0.5));
    assertThat(paper.idsOfBatch()).isCloseTo(1.4e6, withinPercentage(0.5));
  }

  @Test
  void storeInWorker() {
    StrategyFigures figures = StrategyFigures.of(StorageStrategy.STORE_IN_WORKER, paper, 0);

    assertNear(figures.workerStorageOfBatch(), 5.1e3 * MIB);
    assertNear(figures.workerStorageBytes(), 332e6 * MIB);
    assertThat(figures.serverStorageBytes()).isZero();
    assertNear(figures.communicationBytes(), 128 * MIB);
    assertThat(figures.imageBytes()).isZero();
  }

  @Test
  void storeInServer() {
    StrategyFigures figures = StrategyFigures.of(StorageStrategy.STORE_IN_SERVER, paper, 0);

    assertStoredOnServers(figures);
    assertNear(figures.communicationBytes(), 5.1e3 * MIB);
    assertNear(figures.imageBytes(), 5.0e3 * MIB);
  }

  @Test
  void advancedModelServer() {
    StrategyFigures figures = StrategyFigures.of(StorageStrategy.AMS, paper, 0);

    assertStoredOnServers(figures);
    assertNear(figures.communicationBytes(), 158 * MIB);
    assertNear(figures.imageBytes(), 30 * MIB);
  }

  private static void assertStoredOnServers(StrategyFigures figures) {
    assertNear(figures.workerStorageOfBatch(), 134e6);
    assertNear(figures.workerStorageBytes(), 8.8e12);
    assertNear(figures.serverStorageOfBatch(), 30.3e6);
    assertNear(figures.serverStorageBytes(), 2e12);
  }

  private static void assertNear(double bytes, double figure) {
    assertThat(bytes).isCloseTo(figure, withinPercentage(PERCENT));
  }

  @Test
  void codesAreTheirShareOfTheVectors() {
    double raw = StrategyFigures.of(StorageStrategy.STORE_IN_SERVER, paper, 0).imageBytes();
    double codes = StrategyFigures.of(StorageStrategy.AMS, paper, 0).imageBytes();

    // 4096 floats one way against 12 both ways.
    assertThat(raw / codes).isCloseTo(4096 / 24.0, withinPercentage(1e-9));
  }

  @Test
  void weightsOfIdsTravelWithTheirEmbeddings() {
    double without = StrategyFigures.of(StorageStrategy.AMS, paper, 0).communicationBytes();
    double with = StrategyFigures.of(StorageStrategy.AMS, paper, 2).communicationBytes();

    // Two floats of each ID, both ways.
    assertThat(with - without).isCloseTo(paper.idsOfBatch() * 2 * 2 * 4, withinPercentage(1e-6));
  }

  @Test
  void twiceTheBusinessIsTwiceTheStorageAndTheSameBatch() {
    StrategyFigures one = StrategyFigures.of(StorageStrategy.AMS, paper, 0);
    StrategyFigures two = StrategyFigures.of(StorageStrategy.AMS, paper.grown(2), 0);

    assertThat(two.serverStorageBytes()).isEqualTo(2 * one.serverStorageBytes());
    assertThat(two.workerStorageBytes())
        .isCloseTo(2 * one.workerStorageBytes(), withinPercentage(1e-9));
    assertThat(two.communicationBytes()).isEqualTo(one.communicationBytes());
  }
}
