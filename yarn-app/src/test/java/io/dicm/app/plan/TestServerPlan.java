package io.dicm.app.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.embedding.ByColumns;
import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.optimizer.Adam;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestServerPlan {
  private final Configuration conf = new Configuration();

  @BeforeEach
  void configure() {
    conf.addResource("dicm-default.xml");
    conf.set("dicm.train.servers", "4");
  }

  @Test
  void aServerHoldsItsShareOfVectorsAndIds() {
    ServerNeed server = plan(4_096, 8_000).fullest();

    assertThat(server.images()).isEqualTo(1_024);
    // And the row that stands for missing images.
    assertThat(server.vectorBytes()).isEqualTo(1_025 * 16_384);
    assertThat(server.idBytes())
        .isEqualTo(EmbeddingTable.bytesFor(2_000, ByColumns.embeddingAlone(12, new Adam())));
    // Two networks of 1,066,062 values, two moments and a gradient each.
    assertThat(server.subModelBytes()).isEqualTo(2 * 4 * 4 * 1_066_062L);
    assertThat(server.vectorsFit()).isTrue();
    assertThat(server.idsFit()).isTrue();
  }

  /** 64-12 has 64 x D + 64 weights, biases and slope, and 65 x 12. */
  @Test
  void theSubModelIsThatOfTheVectors() {
    assertThat(bytesOfSubModel(64)).isEqualTo(2 * 4 * 4 * (64 * 65 + 1 + 65 * 12));
    assertThat(bytesOfSubModel(16)).isZero();
    conf.set("dicm.model.share-sub-model", "true");
    assertThat(bytesOfSubModel(64)).isEqualTo(4 * 4 * (64 * 65 + 1 + 65 * 12));
    conf.set("dicm.model.sub-model", "5");
    assertThat(bytesOfSubModel(16)).isEqualTo(4 * 4 * 17 * 5);
  }

  private long bytesOfSubModel(int dimension) {
    VectorCounts vectors = VectorCounts.evenly("test", 4_096, dimension);
    return ServerPlan.of(DicmConfiguration.of(conf), vectors, 0).fullest().subModelBytes();
  }

  @Test
  void halfPrecisionIsHalfTheBytes() {
    long single = plan(4_096, 0).fullest().vectorBytes();
    conf.set("dicm.train.vector-precision", "float16");

    assertThat(plan(4_096, 0).fullest().vectorBytes()).isEqualTo(single / 2);
  }

  @Test
  void tooManyVectorsAreRefusedWithTheContainerThatIsNeeded() {
    ServerPlan plan = plan(1_000_000, 0);
    int needed = plan.neededMb().orElseThrow();

    assertThat(plan.fullest().vectorsFit()).isFalse();
    assertThatThrownBy(plan::requireVectorsFit)
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("Cannot train with 4 servers of 1536 MiB: server")
        .hasMessageContaining("dicm.yarn.server.memory-mb=" + needed)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.MEMORY_PLAN_TOO_LARGE);

    conf.setInt("dicm.yarn.server.memory-mb", needed);
    assertThatCode(plan(1_000_000, 0)::requireVectorsFit).doesNotThrowAnyException();
    conf.setInt("dicm.yarn.server.memory-mb", needed - 128);
    assertThatThrownBy(plan(1_000_000, 0)::requireVectorsFit).isInstanceOf(DicmException.class);
  }

  @Test
  void idsThatMayNotFitAreToldAndNotRefused() {
    ServerPlan plan = plan(1_024, 100_000_000);

    assertThat(plan.fullest().idsFit()).isFalse();
    assertThatCode(plan::requireVectorsFit).doesNotThrowAnyException();
    conf.setInt("dicm.yarn.server.memory-mb", plan.neededMb().orElseThrow());
    assertThat(plan(1_024, 100_000_000).fullest().idsFit()).isTrue();
  }

  @Test
  void lessHeapIsASmallerContainerThatIsEnough() {
    ServerPlan plan = plan(10_000_000, 1_000_000);
    LeanServer lean = plan.lean().orElseThrow();

    assertThat(lean.memoryMb()).isLessThan(plan.neededMb().orElseThrow());
    conf.setInt("dicm.yarn.server.memory-mb", lean.memoryMb());
    conf.setDouble("dicm.yarn.server.heap-fraction", lean.heapFraction());
    ServerNeed server = plan(10_000_000, 1_000_000).fullest();
    assertThat(server.vectorsFit()).isTrue();
    assertThat(server.idsFit()).isTrue();
    assertThat(server.room().memory().heapMb()).isGreaterThanOrEqualTo(460);
    assertThat(plan(100, 0).lean()).as("of a small server").isEmpty();
  }

  private ServerPlan plan(long images, long idRows) {
    return ServerPlan.of(
        DicmConfiguration.of(conf), VectorCounts.evenly("test", images, 4_096), idRows);
  }
}
