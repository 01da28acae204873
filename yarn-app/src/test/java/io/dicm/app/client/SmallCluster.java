package io.dicm.app.client;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.yarn.api.protocolrecords.GetNewApplicationResponse;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationSubmissionContext;
import org.apache.hadoop.yarn.api.records.NodeId;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.NodeState;
import org.apache.hadoop.yarn.api.records.QueueACL;
import org.apache.hadoop.yarn.api.records.QueueInfo;
import org.apache.hadoop.yarn.api.records.QueueState;
import org.apache.hadoop.yarn.api.records.QueueUserACLInfo;
import org.apache.hadoop.yarn.api.records.Resource;
import org.apache.hadoop.yarn.api.records.ResourceTypeInfo;
import org.apache.hadoop.yarn.client.api.YarnClientApplication;
import org.apache.hadoop.yarn.client.api.impl.YarnClientImpl;
import org.apache.hadoop.yarn.util.Records;
import org.apache.hadoop.yarn.util.resource.ResourceUtils;

/** Answers for a resource manager whose nodes are all alike and empty, with the queue "default". */
public final class SmallCluster extends YarnClientImpl {
  private final int nodes;
  private final Resource node;
  private final Resource largest;
  private final List<QueueACL> rights;

  /** Containers may be as large as a node. */
  public SmallCluster(int nodes, int memoryMb, int vcores) {
    this(nodes, Resource.newInstance(memoryMb, vcores), List.of(QueueACL.SUBMIT_APPLICATIONS));
  }

  private SmallCluster(int nodes, Resource node, List<QueueACL> rights) {
    this.nodes = nodes;
    this.node = node;
    this.largest = node;
    this.rights = rights;
  }

  /** The same, with these rights in the queue. */
  public SmallCluster withRights(List<QueueACL> others) {
    return new SmallCluster(nodes, node, others);
  }

  @Override
  public QueueInfo getQueueInfo(String queue) {
    if (!queue.equals("default")) {
      return null;
    }
    QueueInfo info = Records.newRecord(QueueInfo.class);
    info.setQueueName(queue);
    info.setQueueState(QueueState.RUNNING);
    info.setCapacity(1);
    info.setMaximumCapacity(1);
    return info;
  }

  @Override
  public List<QueueInfo> getAllQueues() {
    return List.of(getQueueInfo("default"));
  }

  @Override
  public List<QueueUserACLInfo> getQueueAclsInfo() {
    return List.of(QueueUserACLInfo.newInstance("default", rights));
  }

  @Override
  public List<NodeReport> getNodeReports(NodeState... states) {
    return IntStream.range(0, nodes)
        .mapToObj(
            i ->
                NodeReport.newInstance(
                    NodeId.newInstance("node" + i, 1),
                    NodeState.RUNNING,
                    "node" + i + ":2",
                    "/rack",
                    Resource.newInstance(0, 0),
                    node,
                    0,
                    "",
                    0))
        .toList();
  }

  @Override
  public List<ResourceTypeInfo> getResourceTypeInfo() {
    return ResourceUtils.getResourcesTypeInfo();
  }

  @Override
  public YarnClientApplication createApplication() {
    return new YarnClientApplication(
        GetNewApplicationResponse.newInstance(
            ApplicationId.newInstance(1, 1), Resource.newInstance(1, 1), largest),
        Records.newRecord(ApplicationSubmissionContext.class));
  }
}
