package io.dicm.app.logs;

import io.dicm.app.launch.MemberFile;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.logaggregation.ContainerLogFileInfo;
import org.apache.hadoop.yarn.logaggregation.ContainerLogMeta;
import org.apache.hadoop.yarn.logaggregation.ContainerLogsRequest;
import org.apache.hadoop.yarn.logaggregation.filecontroller.LogAggregationFileController;
import org.apache.hadoop.yarn.logaggregation.filecontroller.LogAggregationFileControllerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs of an application that has ended, as YARN's log aggregation has collected them. */
public final class AggregatedLogs implements LogSource {
  private static final Logger LOG = LoggerFactory.getLogger(AggregatedLogs.class);

  /** Collected while an application runs, a node's logs lie in a file for each time. */
  private static final Pattern TIME = Pattern.compile("_\\d{13}$");

  private final Configuration conf;
  private final ApplicationId id;
  private final String owner;
  private final Map<String, TreeSet<String>> names = new TreeMap<>();

  /**
   * @param owner the user whose application it is
   */
  public AggregatedLogs(Configuration conf, ApplicationId id, String owner) {
    this.conf = conf;
    this.id = id;
    this.owner = owner;
  }

  @Override
  public List<LoggedContainer> containers() throws IOException {
    LogAggregationFileController files = files();
    ByteArrayOutputStream memberFiles = new ByteArrayOutputStream();
    List<ContainerLogMeta> found = files.readAggregatedLogsMeta(request());
    if (found.isEmpty()) {
      throw none(null);
    }
    ContainerLogsRequest request = request();
    request.setLogTypes(Set.of(MemberFile.NAME));
    files.readAggregatedLogs(request, memberFiles);
    Map<String, LoggedContainer> members =
        LogText.members(memberFiles.toString(StandardCharsets.UTF_8));
    List<LoggedContainer> containers = new ArrayList<>();
    for (ContainerLogMeta meta : found) {
      String container = meta.getContainerId();
      names
          .computeIfAbsent(container, unknown -> new TreeSet<>())
          .addAll(
              meta.getContainerLogMeta().stream().map(ContainerLogFileInfo::getFileName).toList());
      LoggedContainer named = members.get(container);
      containers.add(
          new LoggedContainer(
              container, named == null ? "" : named.member(), node(meta.getNodeId())));
    }
    return containers.stream()
        .distinct()
        .sorted(Comparator.comparing(LoggedContainer::id))
        .toList();
  }

  private static String node(String withTime) {
    return TIME.matcher(withTime).replaceFirst("");
  }

  @Override
  public List<String> files(LoggedContainer container) throws IOException {
    if (names.isEmpty()) {
      containers();
    }
    return List.copyOf(names.getOrDefault(container.id(), new TreeSet<>()));
  }

  @Override
  public boolean write(LoggedContainer container, String file, long tailBytes, OutputStream out)
      throws IOException {
    ContainerLogsRequest request = request();
    request.setContainerId(container.id());
    // Else the files of all nodes would be read for each container.
    request.setNodeId(container.node().isEmpty() ? null : container.node());
    request.setLogTypes(Set.of(file));
    request.setBytes(tailBytes == Long.MAX_VALUE ? tailBytes : -tailBytes);
    return files().readAggregatedLogs(request, out);
  }

  private ContainerLogsRequest request() {
    ContainerLogsRequest request = new ContainerLogsRequest();
    request.setAppId(id);
    request.setAppOwner(owner);
    request.setAppFinished(true);
    request.setBytes(Long.MAX_VALUE);
    return request;
  }

  private LogAggregationFileController files() throws IOException {
    try {
      return new LogAggregationFileControllerFactory(conf).getFileControllerForRead(id, owner);
    } catch (AccessControlException e) {
      throw e;
    } catch (IOException e) {
      LOG.debug("No aggregated logs", e);
      throw none(e);
    }
  }

  private DicmException none(IOException cause) {
    return new DicmException(
        ErrorCode.INPUT_MISSING,
        "Cannot show logs of " + id + ": there are none yet, or log aggregation is off.",
        cause);
  }
}
