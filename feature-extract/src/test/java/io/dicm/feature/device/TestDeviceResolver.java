package io.dicm.feature.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.log4j.AppenderSkeleton;
import org.apache.log4j.Level;
import org.apache.log4j.Logger;
import org.apache.log4j.spi.LoggingEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestDeviceResolver {
  private static final List<Shortfall> NOTHING = List.of();
  private static final List<Shortfall> NO_DRIVER =
      List.of(new Shortfall("NVIDIA driver", "580", "none"), new Shortfall("NCCL 2", "2", "none"));

  private final List<String> lines = new ArrayList<>();
  private final Logger log = Logger.getLogger(DeviceResolver.class);
  private final Level level = log.getLevel();
  private final AppenderSkeleton appender =
      new AppenderSkeleton() {
        @Override
        protected void append(LoggingEvent event) {
          lines.add(event.getLevel() + " " + event.getRenderedMessage());
        }

        @Override
        public void close() {}

        @Override
        public boolean requiresLayout() {
          return false;
        }
      };

  @BeforeEach
  void listen() {
    log.setLevel(Level.INFO);
    log.addAppender(appender);
  }

  @AfterEach
  void listenNoMore() {
    log.removeAppender(appender);
    log.setLevel(level);
  }

  @Test
  void theFirstGpuIsTakenWhereAllIsThere() {
    ComputeDevice device = resolver(NOTHING, 4).resolve(request(DeviceChoice.AUTO, 1));

    assertThat(device.label()).isEqualTo("cuda:0");
    assertThat(lines)
        .containsExactly("INFO Computing on cuda:0, the first of 4 that this process sees");
    assertThat(resolver(NOTHING, 1).resolve(request(DeviceChoice.CUDA, 1)).label())
        .isEqualTo("cuda:0");
  }

  @Test
  void theProcessorIsTakenUnasked() {
    DeviceResolver untouched =
        new DeviceResolver(this::neverAsked, () -> neverAsked().size(), "", null);

    assertThat(untouched.resolve(request(DeviceChoice.CPU, 0)).isProcessor()).isTrue();
    assertThat(untouched.resolve(request(DeviceChoice.AUTO, 0)).isProcessor()).isTrue();
    assertThat(lines)
        .containsExactly(
            "INFO Computing on the processor: role.device=cpu",
            "INFO Computing on the processor: role.gpus is 0");
  }

  @Test
  void autoFallsBackAndSaysWhyOnce() {
    DeviceResolver resolver =
        new DeviceResolver(() -> NO_DRIVER, () -> neverAsked().size(), null, null);

    assertThat(resolver.resolve(request(DeviceChoice.AUTO, 1)).isProcessor()).isTrue();
    assertThat(lines)
        .containsExactly(
            "WARN Computing on the processor (role.device=auto): a GPU cannot be used without"
                + " NVIDIA driver (needed 580, found none), NCCL 2 (needed 2, found none)");
  }

  @Test
  void cudaFailsWithOneSentence() {
    assertThatThrownBy(() -> resolver(NO_DRIVER, 1).resolve(request(DeviceChoice.CUDA, 1)))
        .isInstanceOfSatisfying(
            DicmException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.GPU_UNAVAILABLE))
        .hasMessage(
            "Cannot compute on a GPU (role.device=cuda) without NVIDIA driver (needed 580, found"
                + " none), NCCL 2 (needed 2, found none).");
  }

  @Test
  void inAContainerTheSentenceNamesTheNode() {
    DeviceResolver resolver = new DeviceResolver(() -> NO_DRIVER, () -> 0, "0", "node7.example");

    assertThatThrownBy(() -> resolver.resolve(request(DeviceChoice.CUDA, 1)))
        .hasMessageStartingWith(
            "Cannot compute on a GPU of node7.example (role.device=cuda) without NVIDIA driver");
  }

  @Test
  void libtorchHasTheLastWord() {
    assertThatThrownBy(() -> resolver(NOTHING, 0).resolve(request(DeviceChoice.CUDA, 1)))
        .hasMessage(
            "Cannot compute on a GPU (role.device=cuda) without GPU (needed one that libtorch"
                + " sees, found none, CUDA_VISIBLE_DEVICES is '').");
    DeviceResolver unset = new DeviceResolver(() -> NOTHING, () -> 0, null, null);
    assertThatThrownBy(() -> unset.resolve(request(DeviceChoice.CUDA, 1)))
        .hasMessageContaining("found none, CUDA_VISIBLE_DEVICES is not set");
    assertThat(unset.resolve(request(DeviceChoice.AUTO, 1)).isProcessor()).isTrue();
  }

  /** Then parts of it are in the process, and the processor's build cannot be loaded any more. */
  @Test
  void aLibtorchThatDoesNotLoadIsAnErrorForAutoToo() {
    DeviceResolver resolver =
        new DeviceResolver(
            () -> NOTHING,
            () -> {
              throw new UnsatisfiedLinkError("libnvJitLink.so.13: no such file");
            },
            "0",
            null);

    assertThatThrownBy(() -> resolver.resolve(request(DeviceChoice.AUTO, 1)))
        .isInstanceOf(DicmException.class)
        .hasMessage(
            "Cannot compute on a GPU (role.device=auto): libtorch for CUDA does not load"
                + " (libnvJitLink.so.13: no such file); cpu needs none.");
  }

  @Test
  void aLibtorchThatCannotBeUnpackedIsToldInOneSentence() {
    DeviceResolver resolver =
        new DeviceResolver(
            () -> NOTHING,
            () -> {
              throw new UncheckedIOException(new IOException("No space left on device"));
            },
            "0",
            null);

    assertThatThrownBy(() -> resolver.resolve(request(DeviceChoice.CUDA, 1)))
        .isInstanceOf(DicmException.class)
        .hasMessageStartingWith("Cannot compute on a GPU (role.device=cuda)")
        .hasMessageContaining("cannot be unpacked")
        .hasMessageContaining("No space left on device");
  }

  @Test
  void aProcessOfItsOwnNeedsNoGpusOfYarn() {
    assertThat(resolver(NOTHING, 1).resolve(DeviceChoice.AUTO, "--device auto").label())
        .isEqualTo("cuda:0");
    assertThatThrownBy(() -> resolver(NO_DRIVER, 1).resolve(DeviceChoice.CUDA, "--device cuda"))
        .hasMessageStartingWith("Cannot compute on a GPU (--device cuda) without NVIDIA driver");
  }

  @Test
  void whateverThisMachineHasTheProcessorIsThere() {
    assertThat(DeviceResolver.here().resolve(request(DeviceChoice.CPU, 0)))
        .isSameAs(ComputeDevice.PROCESSOR);
  }

  private List<Shortfall> neverAsked() {
    throw new AssertionError("nobody asked for a GPU");
  }

  private static DeviceResolver resolver(List<Shortfall> missing, int devices) {
    return new DeviceResolver(() -> missing, () -> devices, "", null);
  }

  private static DeviceRequest request(DeviceChoice choice, int gpus) {
    return new DeviceRequest(choice, "role.device", gpus, "role.gpus");
  }
}
