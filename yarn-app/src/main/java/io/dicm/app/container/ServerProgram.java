package io.dicm.app.container;

import io.dicm.ams.server.AmsServer;
import io.dicm.ams.server.AmsServerOptions;
import io.dicm.ams.shard.VectorControl;
import io.dicm.app.rpc.proto.MemberState;
import io.dicm.app.rpc.proto.Order;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.feature.store.FeatureStore;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds its part of the vectors, serves the workers, writes its part of the model. */
final class ServerProgram implements RoleProgram {
  private static final Logger LOG = LoggerFactory.getLogger(ServerProgram.class);

  @Override
  public void run(RoleContext context)
      throws IOException, InterruptedException, Orders.StoppedException {
    AmsServerOptions options = options(context, context.device());
    options.arithmetic().useForProcess();
    try (AmsServer server =
        new AmsServer(options, context.identity().secret(), context.identity().transport())) {
      FeatureSnapshot snapshot = snapshot(context);
      server.load(snapshot, control(context), context.status());
      new ServerCheckpoints(context).prepare(server);
      String address = context.host() + ":" + server.start();
      context.status().ready(address);
      context.reach(MemberState.READY, Order.RUN);
      server.connectPeers(context.orders().serverAddresses());
      try (ServingReports reports =
          new ServingReports(server::statistics, snapshot.dimension(), context.status()::served)) {
        reports.start();
        context.reach(MemberState.RUNNING, Order.WRITE_OUTPUT);
      }
      server.writeModelPart(context.hadoop(), context.outputDirectory());
      server.checkpointLast();
      LOG.info("{} at {}: {}", context.member(), address, server.statistics());
      // Open until all have written: worker 0 still asks for the dense parameters.
      context.finish();
    }
  }

  private static FeatureSnapshot snapshot(RoleContext context) throws IOException {
    return FeatureStore.open(
            context.hadoop(),
            context.settings().workspace().features(context.assignment().getExtractorId()))
        .snapshot(context.settings().date());
  }

  private static VectorControl control(RoleContext context) throws IOException {
    return ImageControlSettings.of(
        context.conf(), context.member().index(), context.assignment().getServers());
  }

  private static AmsServerOptions options(RoleContext context, ComputeDevice device) {
    return ServerSettings.of(
        context.conf(),
        context.member().index(),
        context.assignment().getServers(),
        context.assignment().getWorkers(),
        context.assignment().getEpoch(),
        context.host(),
        device);
  }
}
