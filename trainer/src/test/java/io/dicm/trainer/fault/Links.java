package io.dicm.trainer.fault;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** All links from workers and servers to servers, one for each pair. */
final class Links implements Closeable {
  private final List<List<Link>> ofWorkers = new ArrayList<>();
  private final List<List<Link>> ofServers = new ArrayList<>();

  Links() throws IOException {
    for (int worker = 0; worker < FaultSettings.WORKERS; worker++) {
      ofWorkers.add(linksOf("worker-" + worker));
    }
    for (int server = 0; server < FaultSettings.SERVERS; server++) {
      ofServers.add(linksOf("server-" + server));
    }
  }

  private static List<Link> linksOf(String from) throws IOException {
    List<Link> links = new ArrayList<>();
    for (int server = 0; server < FaultSettings.SERVERS; server++) {
      links.add(new Link(from + "-to-" + server));
    }
    return links;
  }

  /** The link of one process to one server. */
  Link of(Role role, int from, int server) {
    return (role == Role.WORKER ? ofWorkers : ofServers).get(from).get(server);
  }

  /** Where a process is to look for the servers, separated by commas. */
  String addresses(Role role, int from) {
    return (role == Role.WORKER ? ofWorkers : ofServers)
        .get(from).stream()
            .map(link -> "localhost:" + link.port())
            .collect(Collectors.joining(","));
  }

  /** Ends all connections to a server; new ones, of everybody, lead to this port. */
  void pointTo(int server, int port) {
    ofWorkers.forEach(links -> links.get(server).pointTo(port));
    ofServers.forEach(links -> links.get(server).pointTo(port));
  }

  @Override
  public void close() throws IOException {
    for (List<List<Link>> side : List.of(ofWorkers, ofServers)) {
      for (List<Link> links : side) {
        for (Link link : links) {
          link.close();
        }
      }
    }
  }
}
