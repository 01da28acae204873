package io.dicm.trainer.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestPythonLiteral {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
      {'a': 1, 'b': -2.5e3, 'c': None}                ~ {"a":1,"b":-2500.0,"c":null}
      {'t': True, 'f': False,}                        ~ {"t":true,"f":false}
      {'s': "it's", 'q': 'say "so"', 'e': 'don\\'t'}  ~ {"s":"it's","q":"say \\"so\\"","e":"don't"}
      {'u': u'\\xe9\\u20ac\\U0001f600', 'n': 'a\\nb'} ~ {"u":"é€😀","n":"a\\nb"}
      {'l': [['A', 'B'], [], ('C',)]}                 ~ {"l":[["A","B"],[],["C"]]}
      {'rank': {'Toys & Games': 211836}}              ~ {"rank":{"Toys & Games":211836}}
      {'path': 'a\\qb, c: {d}'}                       ~ {"path":"a\\\\qb, c: {d}"}
      """)
  void readsWhatPythonPrints(String python, String json) {
    assertThat(PythonLiteral.parse(python)).hasToString(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
      {'a': 1            ~ it ends too early at character 7
      {'a': 'b           ~ it ends too early at character 8
      {'a' 1}            ~ needed ':', was '1' at character 5
      {'a': 1 'b': 2}    ~ '1 'b'' is no value at character 11
      {'a': open('x')}   ~ 'open('x'' is no value
      {'a': 1} more      ~ something follows the value at character 9
      {'a': '\\x4'}      ~ '4'' is no code of a character
      {'a': '\\Uffffffff'} ~ is no code of a character
      """)
  void saysWhereItIsNoLiteral(String python, String message) {
    assertThatThrownBy(() -> PythonLiteral.parse(python))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesDepthThatWouldEndTheStack() {
    String deep = "[".repeat(100_000);

    assertThatThrownBy(() -> PythonLiteral.parse(deep))
        .hasMessageContaining("more than 100 levels");
  }
}
