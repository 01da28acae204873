package io.dicm.ams.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TestKernelSource {
  @Test
  void readsAResourceAndDefinesConstants() {
    KernelSource source = KernelSource.resource(RowGatherKernel.class, "gather_rows.cu");

    assertThat(source.name()).isEqualTo("gather_rows.cu");
    assertThat(source.text()).startsWith("// Collects").endsWith("\n").doesNotContain("#include");
    assertThat(source.define("WIDTH", 12).text())
        .isEqualTo("#define WIDTH 12\n#line 1\n" + source.text());
    assertThatThrownBy(() -> KernelSource.resource(RowGatherKernel.class, "none.cu"))
        .hasMessage("There is no none.cu beside io.dicm.ams.cuda.RowGatherKernel");
  }
}
