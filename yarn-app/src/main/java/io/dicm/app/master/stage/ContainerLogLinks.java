package io.dicm.app.master.stage;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.records.Container;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.webapp.util.WebAppUtils;

/**
 * Where people find a container's logs: on its node's page while it runs, on the page of aggregated
 * logs afterwards where the cluster has one.
 *
 * @param scheme of the cluster's pages, such as {@code http://}
 * @param aggregated address of the cluster's page of aggregated logs; empty: none
 * @param user who submitted the application
 */
record ContainerLogLinks(String scheme, String aggregated, String user) {
  /** As the cluster is configured. */
  static ContainerLogLinks of(Configuration conf, String user) {
    return new ContainerLogLinks(
        WebAppUtils.getHttpSchemePrefix(conf),
        conf.getTrimmed(YarnConfiguration.YARN_LOG_SERVER_URL, ""),
        user);
  }

  /** The page on the node; empty where the node has none. */
  String live(Container container) {
    String node = container.getNodeHttpAddress();
    return node == null || node.isEmpty()
        ? ""
        : scheme + node + "/node/containerlogs/" + container.getId() + "/" + encodedUser();
  }

  /** The page of aggregated logs, or else the one on the node, which knows for a while. */
  String ended(Container container) {
    return aggregated.isEmpty()
        ? live(container)
        : "%s/%s/%s/%s/%s"
            .formatted(
                aggregated.replaceAll("/+$", ""),
                container.getNodeId(),
                container.getId(),
                container.getId(),
                encodedUser());
  }

  private String encodedUser() {
    return URLEncoder.encode(user, StandardCharsets.UTF_8);
  }
}
