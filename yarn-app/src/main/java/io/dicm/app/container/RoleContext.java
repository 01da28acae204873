package io.dicm.app.container;

import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.launch.Member;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.rpc.proto.Assignment;
import io.dicm.app.rpc.proto.MemberState;
import io.dicm.app.rpc.proto.Order;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.DeviceResolver;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.lease.LeaseSource;
import io.dicm.trainer.schema.FeatureSchema;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What a role has to work with.
 *
 * @param member which one it is
 * @param conf the application's configuration
 * @param settings what the application does
 * @param assignment what the master said at the registration
 * @param identity that the application's processes know each other by
 * @param host the node's name or address, as other nodes reach it
 * @param status what the master is told
 * @param orders what the master says
 * @param hurry sends the status at once
 * @param gpus tells the master how the GPU is that the member computes on
 * @param leases this member's, where the assignment says that samples are leased
 */
record RoleContext(
    Member member,
    DicmConfiguration conf,
    PipelineSettings settings,
    Assignment assignment,
    ContainerIdentity identity,
    String host,
    MemberStatus status,
    Orders orders,
    Runnable hurry,
    GpuReports gpus,
    LeaseSource leases) {
  Configuration hadoop() {
    return conf.hadoop();
  }

  /** The staging directory that the gang fills. */
  Path outputDirectory() {
    return new Path(assignment.getOutputDirectory());
  }

  /** The features, as the input describes them. */
  FeatureSchema schema() {
    return FeatureSchema.read(hadoop(), new InputLayout(settings.input()).features());
  }

  /**
   * Where this member computes, as its role's keys say; from then on the master is told how that
   * GPU is. Ask once, before anything of libtorch is used.
   */
  ComputeDevice device() {
    ComputeDevice device =
        DeviceResolver.here().resolve(ContainerSettings.device(conf, member.role()));
    gpus.watch(device);
    return device;
  }

  /** Tells the master and waits for its order. */
  void reach(MemberState state, Order next) throws InterruptedException, Orders.StoppedException {
    status.state(state);
    hurry.run();
    orders.await(next);
  }

  /** Tells the master that this member's part is written and waits for the end. */
  void finish() throws InterruptedException {
    try {
      reach(MemberState.OUTPUT_WRITTEN, Order.STOP);
    } catch (Orders.StoppedException e) {
      return; // The expected end, said otherwise.
    }
  }
}
