package io.dicm.app.master.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.webapp.util.WebAppUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the resource managers' web proxies: only they may ask the master for its page, since only
 * they know who a user is. The addresses of their names are looked up anew now and then. Safe for
 * use by many threads.
 */
final class ProxyGate {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyGate.class);
  private static final long KEPT_NANOS = Duration.ofMinutes(5).toNanos();

  /** Tells that a request was sent to the proxy already: it must not be sent there for ever. */
  static final String REDIRECTED = "redirected";

  private final List<String> hostPorts;
  private final String scheme;
  private final String base;
  private final LongSupplier nanoTime;
  private Set<InetAddress> addresses = Set.of();
  private long resolvedNanos;

  /**
   * @param hostPorts of the proxies, {@code host:port}
   * @param scheme theirs, such as {@code http://}
   * @param base path of the application at the proxy, without a slash at its end
   * @param nanoTime a clock that never goes back, ns
   */
  ProxyGate(List<String> hostPorts, String scheme, String base, LongSupplier nanoTime) {
    this.hostPorts = List.copyOf(hostPorts);
    this.scheme = scheme;
    this.base = base;
    this.nanoTime = nanoTime;
  }

  /**
   * Those of a cluster.
   *
   * @param base as YARN tells it the master; null where it does not
   */
  static ProxyGate of(Configuration conf, String base) {
    return new ProxyGate(
        WebAppUtils.getProxyHostsAndPortsForAmFilter(conf),
        WebAppUtils.getHttpSchemePrefix(conf),
        base == null ? "" : base,
        System::nanoTime);
  }

  /** Whether a request comes from a proxy. */
  boolean admits(InetAddress caller) {
    return addresses().contains(caller);
  }

  /**
   * Where a stranger has to ask instead; nothing where that was tried, and where no proxy is known.
   *
   * @param pathAndQuery as asked for, encoded, beginning with a slash
   */
  Optional<String> elsewhere(String pathAndQuery) {
    if (hostPorts.isEmpty() || pathAndQuery.contains(REDIRECTED + "=")) {
      return Optional.empty();
    }
    String separator = pathAndQuery.contains("?") ? "&" : "?";
    return Optional.of(
        scheme + hostPorts.get(0) + base + pathAndQuery + separator + REDIRECTED + "=true");
  }

  private synchronized Set<InetAddress> addresses() {
    if (addresses.isEmpty() || nanoTime.getAsLong() - resolvedNanos > KEPT_NANOS) {
      Set<InetAddress> resolved = resolve();
      if (!resolved.isEmpty()) {
        addresses = resolved;
      }
      resolvedNanos = nanoTime.getAsLong();
    }
    return addresses;
  }

  private Set<InetAddress> resolve() {
    Set<InetAddress> resolved = new HashSet<>();
    for (String hostPort : hostPorts) {
      String host = hostPort.replaceFirst(":\\d+$", "");
      try {
        resolved.addAll(List.of(InetAddress.getAllByName(host)));
      } catch (UnknownHostException e) {
        LOG.warn("Cannot find the web proxy {}: it cannot show the master's page", host);
      }
    }
    return resolved;
  }
}
