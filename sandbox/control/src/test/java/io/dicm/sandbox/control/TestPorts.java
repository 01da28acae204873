package io.dicm.sandbox.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TestPorts {
  @Test
  void portIsInUseAsLongAsSomebodyListens() throws IOException {
    int port;
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = listener.getLocalPort();
      assertThat(Ports.isFree(port)).isFalse();
    }
    assertThat(Ports.isFree(port)).isTrue();
  }

  @Test
  void portOnAllInterfacesIsInUseOnLoopbackToo() throws IOException {
    try (ServerSocket listener = new ServerSocket(0)) {
      assertThat(Ports.isFree(listener.getLocalPort())).isFalse();
    }
  }

  @Test
  void foundPortsAreFreeAndNotEphemeral() throws SandboxException {
    Ports ports = new Ports(new Random(7));
    for (int i = 0; i < 100; i++) {
      assertThat(ports.findFree()).isBetween(Ports.FIRST, Ports.LAST).matches(Ports::isFree);
    }
  }
}
