package io.dicm.feature.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TestKernelSource {
  @Test
  void readsAResourceAndPutsConstantsAndTypesBeforeIt() {
    KernelSource types = KernelSource.resource(KernelSource.class, "value_types.cu");

    assertThat(types.name()).isEqualTo("value_types.cu");
    assertThat(types.text()).startsWith("// Types of").endsWith("\n").doesNotContain("#include");
    KernelSource source = new KernelSource("some.cu", "text\n");
    assertThat(source.define("WIDTH", 12))
        .isEqualTo(new KernelSource("some.cu", "#define WIDTH 12\n#line 1\ntext\n"));
    assertThat(source.withValueTypes())
        .isEqualTo(new KernelSource("some.cu", types.text() + "#line 1\ntext\n"));
    assertThatThrownBy(() -> KernelSource.resource(KernelSource.class, "none.cu"))
        .hasMessage("There is no none.cu beside io.dicm.feature.cuda.KernelSource");
  }
}
