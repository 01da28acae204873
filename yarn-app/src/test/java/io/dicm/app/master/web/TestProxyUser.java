package io.dicm.app.master.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TestProxyUser {
  @Test
  void isTheCookiesDecodedValue() {
    assertThat(ProxyUser.in(List.of("proxy-user=ann"))).hasValue("ann");
    assertThat(ProxyUser.in(List.of("a=1; proxy-user=ann%40EXAMPLE.ORG; b=2")))
        .hasValue("ann@EXAMPLE.ORG");
    assertThat(ProxyUser.in(List.of("proxy-user=\"ann\""))).hasValue("ann");
    assertThat(ProxyUser.in(List.of("proxy-user=ann", "proxy-user=ann"))).hasValue("ann");
  }

  @Test
  void isNobodyWhereItIsNotClear() {
    assertThat(ProxyUser.in(List.of())).isEmpty();
    assertThat(ProxyUser.in(List.of("xproxy-user=ann"))).isEmpty();
    assertThat(ProxyUser.in(List.of("proxy-user=ann; proxy-user=bob"))).isEmpty();
    assertThat(ProxyUser.in(List.of("proxy-user=%2"))).isEmpty();
    assertThat(ProxyUser.in(List.of("proxy-user=%20"))).isEmpty();
  }
}
