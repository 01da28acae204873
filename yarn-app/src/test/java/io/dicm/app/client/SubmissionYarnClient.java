package io.dicm.app.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.yarn.api.protocolrecords.GetApplicationsRequest;
import org.apache.hadoop.yarn.api.protocolrecords.GetNewApplicationResponse;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.ApplicationSubmissionContext;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.api.records.NodeId;
import org.apache.hadoop.yarn.api.records.NodeLabel;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.NodeState;
import org.apache.hadoop.yarn.api.records.QueueInfo;
import org.apache.hadoop.yarn.api.records.QueueState;
import org.apache.hadoop.yarn.api.records.Resource;
import org.apache.hadoop.yarn.api.records.ResourceTypeInfo;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.YarnClientApplication;
import org.apache.hadoop.yarn.client.api.impl.YarnClientImpl;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.util.Records;
import org.apache.hadoop.yarn.util.resource.ResourceUtils;

/** A resource manager that takes submissions and starts nothing. */
public final class SubmissionYarnClient extends YarnClientImpl {
  static final long CLUSTER_TIMESTAMP = 1_700_000_000_000L;

  final Map<ApplicationId, ApplicationSubmissionContext> submitted = new TreeMap<>();
  final Map<ApplicationId, Long> startTimes = new TreeMap<>();

  /** Of applications; of others it is who runs the test. */
  final Map<ApplicationId, String> otherOwners = new TreeMap<>();

  final Map<ApplicationId, FinalApplicationStatus> ended = new TreeMap<>();
  final List<ApplicationId> killed = new ArrayList<>();
  final List<NodeReport> nodes = new ArrayList<>(List.of(node(8192), node(8192)));

  /** What happens just before a submission arrives. */
  Runnable beforeSubmission = () -> {};

  YarnException refusal;
  private int applications;
  private long clockMs = 1000;

  @Override
  public YarnClientApplication createApplication() {
    ApplicationSubmissionContext context = Records.newRecord(ApplicationSubmissionContext.class);
    context.setApplicationId(ApplicationId.newInstance(CLUSTER_TIMESTAMP, ++applications));
    GetNewApplicationResponse response = Records.newRecord(GetNewApplicationResponse.class);
    response.setApplicationId(context.getApplicationId());
    response.setMaximumResourceCapability(Resource.newInstance(8192, 8));
    return new YarnClientApplication(response, context);
  }

  @Override
  public ApplicationId submitApplication(ApplicationSubmissionContext context)
      throws YarnException {
    Runnable before = beforeSubmission;
    beforeSubmission = () -> {};
    before.run();
    if (refusal != null) {
      throw refusal;
    }
    submitted.put(context.getApplicationId(), context);
    startTimes.put(context.getApplicationId(), clockMs++);
    return context.getApplicationId();
  }

  @Override
  public void killApplication(ApplicationId id) {
    killed.add(id);
    submitted.remove(id);
  }

  @Override
  public ApplicationReport getApplicationReport(ApplicationId id) {
    return report(id, submitted.get(id));
  }

  @Override
  public List<ApplicationReport> getApplications(GetApplicationsRequest request) {
    List<ApplicationReport> found = new ArrayList<>();
    submitted.forEach(
        (id, context) -> {
          ApplicationReport report = report(id, context);
          if (context.getApplicationTags().containsAll(request.getApplicationTags())
              && isIn(report.getUser(), request.getUsers())
              && isIn(report.getYarnApplicationState(), request.getApplicationStates())) {
            found.add(report);
          }
        });
    return found;
  }

  @Override
  public QueueInfo getQueueInfo(String name) {
    return getAllQueues().stream()
        .filter(queue -> queue.getQueueName().equals(name))
        .findFirst()
        .orElse(null);
  }

  @Override
  public List<QueueInfo> getAllQueues() {
    return List.of(queue("default"), queue("training"));
  }

  @Override
  public List<ResourceTypeInfo> getResourceTypeInfo() {
    return ResourceUtils.getResourcesTypeInfo();
  }

  @Override
  public List<NodeReport> getNodeReports(NodeState... states) {
    return nodes;
  }

  @Override
  public List<NodeLabel> getClusterNodeLabels() {
    return List.of(NodeLabel.newInstance("gpu"), NodeLabel.newInstance("large"));
  }

  public static NodeReport node(int memoryMb) {
    NodeReport report = Records.newRecord(NodeReport.class);
    report.setNodeId(NodeId.newInstance("node", memoryMb));
    report.setCapability(Resource.newInstance(memoryMb, 4));
    return report;
  }

  private static QueueInfo queue(String name) {
    QueueInfo queue = Records.newRecord(QueueInfo.class);
    queue.setQueueName(name);
    queue.setQueueState(QueueState.RUNNING);
    return queue;
  }

  /** Whether a filter has it; an empty one has all. */
  private static <T> boolean isIn(T value, Collection<T> filter) {
    return filter == null || filter.isEmpty() || filter.contains(value);
  }

  private ApplicationReport report(ApplicationId id, ApplicationSubmissionContext context) {
    ApplicationReport report = Records.newRecord(ApplicationReport.class);
    report.setApplicationId(id);
    report.setName(context.getApplicationName());
    report.setApplicationType(context.getApplicationType());
    report.setDiagnostics("");
    report.setUser(otherOwners.getOrDefault(id, System.getProperty("user.name")));
    report.setStartTime(startTimes.get(id));
    report.setApplicationTags(context.getApplicationTags());
    report.setYarnApplicationState(
        ended.containsKey(id) ? YarnApplicationState.FINISHED : YarnApplicationState.ACCEPTED);
    report.setFinalApplicationStatus(ended.getOrDefault(id, FinalApplicationStatus.UNDEFINED));
    return report;
  }
}
