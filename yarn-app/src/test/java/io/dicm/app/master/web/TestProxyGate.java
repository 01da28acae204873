package io.dicm.app.master.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.junit.jupiter.api.Test;

class TestProxyGate {
  @Test
  void allResourceManagersOfACoupleAreProxies() throws Exception {
    Configuration conf = new YarnConfiguration();
    conf.setBoolean(YarnConfiguration.RM_HA_ENABLED, true);
    conf.set(YarnConfiguration.RM_HA_IDS, "a,b");
    conf.set(YarnConfiguration.RM_WEBAPP_ADDRESS + ".a", "192.0.2.1:8088");
    conf.set(YarnConfiguration.RM_WEBAPP_ADDRESS + ".b", "192.0.2.2:8088");

    ProxyGate gate = ProxyGate.of(conf, "/proxy/x");

    assertThat(gate.admits(InetAddress.getByName("192.0.2.1"))).isTrue();
    assertThat(gate.admits(InetAddress.getByName("192.0.2.2"))).isTrue();
    assertThat(gate.admits(InetAddress.getByName("192.0.2.3"))).isFalse();
    assertThat(gate.admits(InetAddress.getLoopbackAddress())).isFalse();
  }

  @Test
  void withoutKnownProxiesNobodyIsAdmittedAndNobodyIsSentAway() throws Exception {
    ProxyGate gate = new ProxyGate(List.of(), "http://", "/proxy/x", () -> 0);

    assertThat(gate.admits(InetAddress.getLoopbackAddress())).isFalse();
    assertThat(gate.elsewhere("/")).isEmpty();
  }

  @Test
  void strangersStayAtTheProxysHost() {
    ProxyGate gate = new ProxyGate(List.of("rm:8088"), "https://", "/proxy/x", () -> 0);

    assertThat(gate.elsewhere("//evil.example/"))
        .hasValue("https://rm:8088/proxy/x//evil.example/?redirected=true");
  }
}
