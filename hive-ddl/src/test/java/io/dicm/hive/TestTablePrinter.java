package io.dicm.hive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TestTablePrinter {
  private final TablePrinter printer = new TablePrinter();

  @Test
  void columnsAreAlignedAndNumbersStandRight() {
    QueryResult result =
        new QueryResult(
            List.of("category", "n", "rate", "note"),
            List.of(
                List.of("shoes", "7", "-0.5", ""),
                List.of("a", "12000", "1.5E-7", "new"),
                List.of("NULL", "NULL", "NULL", "NULL")));

    assertThat(printer.print(result))
        .isEqualTo(
            """
            category      n    rate  note
            --------  -----  ------  ----
            shoes         7    -0.5
            a         12000  1.5E-7  new
            NULL       NULL    NULL  NULL
            """);
  }

  @Test
  void noRowsAreJustTheHeader() {
    assertThat(printer.print(new QueryResult(List.of("a", "bc"), List.of())))
        .isEqualTo("a  bc\n-  --\n");
  }

  @Test
  void columnsAreFoundByName() {
    QueryResult result =
        new QueryResult(List.of("a", "b"), List.of(List.of("1", "2"), List.of("3", "4")));

    assertThat(result.column("b")).containsExactly("2", "4");
    assertThatThrownBy(() -> result.column("c")).hasMessage("There is no column c in [a, b]");
    assertThatThrownBy(() -> new QueryResult(List.of("a"), List.of(List.of("1", "2"))))
        .hasMessage("Row of 2 values under 1 columns");
  }
}
