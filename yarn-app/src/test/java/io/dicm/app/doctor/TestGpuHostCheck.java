package io.dicm.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import io.dicm.feature.device.SoftwarePart;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestGpuHostCheck {
  private static final SoftwarePart GLIBC = new SoftwarePart("glibc", "2.35", "2.39", true);
  private static final SoftwarePart CUDNN =
      new SoftwarePart("cuDNN 9", "libcudnn.so.9", "9.10.1", true);
  private static final SoftwarePart CUDNN_8 =
      new SoftwarePart("cuDNN 9", "libcudnn.so.9", "libcudnn.so.8.9.7", false);
  private static final SoftwarePart NO_NCCL =
      new SoftwarePart("NCCL 2", "libnccl.so.2", "none", false);

  private final Configuration conf = new Configuration(false);

  @BeforeEach
  void configure() {
    conf.addResource("dicm-default.xml");
  }

  @Test
  void withoutGpusInTheConfigurationItOnlyTells() {
    assertThat(look(false, GLIBC, CUDNN_8, NO_NCCL))
        .containsExactly(
            Finding.ok(
                "GPU build",
                "dicm.jar has libtorch for the processor alone, the run asks for no GPU"),
            Finding.ok(
                "GPU software",
                "this host has glibc (2.39); lacks cuDNN 9, NCCL 2, which the run does not need"));
    assertThat(look(true, CUDNN, GLIBC))
        .containsExactly(
            Finding.ok("GPU build", "dicm.jar has libtorch for CUDA"),
            Finding.ok("GPU software", "this host has cuDNN 9 (9.10.1), glibc (2.39)"));
  }

  @Test
  void whatCudaNeedsAndThisHostLacksIsAWarning() {
    conf.set("dicm.yarn.worker.device", "cuda");
    conf.set("dicm.yarn.worker.gpus", "1");

    assertThat(look(true, CUDNN_8, NO_NCCL, GLIBC).get(1))
        .isEqualTo(
            Finding.warning(
                "GPU software",
                "this host has glibc (2.39); lacks cuDNN 9 (needed libcudnn.so.9, found"
                    + " libcudnn.so.8.9.7), NCCL 2 (needed libnccl.so.2, found none)",
                "The client works; on a node like this containers with"
                    + " dicm.yarn.worker.device=cuda would fail."));
    assertThat(look(true, CUDNN, GLIBC).get(1).level()).isEqualTo(Level.OK);
  }

  @Test
  void float16MustHaveAGpu() {
    conf.set("dicm.extract.precision", "float16");
    conf.set("dicm.extract.gpus", "1");

    assertThat(look(true, NO_NCCL, GLIBC).get(1).level()).isEqualTo(Level.WARNING);
    assertThat(look(false, GLIBC).get(0).level()).isEqualTo(Level.FAILED);
  }

  @Test
  void cudaNeedsABuildWithIt() {
    conf.set("dicm.yarn.predictor.device", "cuda");
    conf.set("dicm.yarn.predictor.gpus", "1");

    assertThat(look(false, GLIBC).get(0))
        .isEqualTo(
            Finding.failed(
                ErrorCode.CONFIGURATION_INVALID,
                "GPU build",
                "dicm.jar has libtorch for the processor alone, with dicm.yarn.predictor.device=cuda",
                "Build it with Maven's profile gpu (-Pgpu), or set dicm.yarn.predictor.device=auto."));
    assertThat(look(true, GLIBC).get(0).level()).isEqualTo(Level.OK);
  }

  @Test
  void autoMayDoWithoutButNotUnseen() {
    conf.set("dicm.extract.gpus", "2");

    List<Finding> findings = look(false, NO_NCCL);

    assertThat(findings.get(0))
        .isEqualTo(
            Finding.warning(
                "GPU build",
                "dicm.jar has libtorch for the processor alone: the GPUs of dicm.extract.gpus=2 would be idle",
                "Build it with Maven's profile gpu (-Pgpu), or set dicm.extract.gpus=0."));
    assertThat(findings.get(1))
        .isEqualTo(
            Finding.ok(
                "GPU software",
                "this host has nothing of it; lacks NCCL 2; a node like this would compute on the processor"));
  }

  /** Whatever it has, it says of each thing whether it is there. */
  @Test
  void thisHostIsLookedAt() {
    List<Finding> findings = GpuHostCheck.here(conf, settings()).look();

    assertThat(findings).extracting(Finding::level).containsOnly(Level.OK);
    assertThat(findings.get(1).value())
        .contains("NVIDIA driver", "CUDA runtime 13", "cuDNN 9", "NCCL 2", "glibc");
  }

  private List<Finding> look(boolean cudaBuild, SoftwarePart... parts) {
    return new GpuHostCheck(conf, settings(), cudaBuild, () -> List.of(parts)).look();
  }

  private static PipelineSettings settings() {
    return new PipelineSettings(
        "test", new Path("/i"), new Workspace(new Path("/w")), "2026-07-01", "a", StageName.all());
  }
}
