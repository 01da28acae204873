package io.dicm.app.launch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapred.Master;
import org.apache.hadoop.mapreduce.security.TokenCache;
import org.apache.hadoop.mapreduce.v2.api.HSClientProtocol;
import org.apache.hadoop.mapreduce.v2.api.protocolrecords.GetDelegationTokenRequest;
import org.apache.hadoop.mapreduce.v2.jobhistory.JHAdminConfig;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.token.Token;
import org.apache.hadoop.yarn.client.ClientRMProxy;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.ipc.YarnRPC;
import org.apache.hadoop.yarn.util.ConverterUtils;
import org.apache.hadoop.yarn.util.Records;

/**
 * The delegation tokens that an application lives on where there is Kerberos: of each file system
 * that it touches, of the resource manager and of the job history server, since its master submits
 * MapReduce jobs. The resource manager renews all of them.
 *
 * @param yarn started
 */
public record DelegationTokens(Configuration conf, YarnClient yarn) {
  /**
   * Adds them.
   *
   * @param paths one or more of each file system
   */
  public void addTo(Credentials credentials, List<Path> paths) throws IOException, YarnException {
    TokenCache.obtainTokensForNamenodes(credentials, paths.toArray(Path[]::new), conf);
    Text renewer = new Text(Master.getMasterPrincipal(conf));
    Token<?> resourceManager =
        ConverterUtils.convertFromYarn(
            yarn.getRMDelegationToken(renewer), ClientRMProxy.getRMDelegationTokenService(conf));
    credentials.addToken(resourceManager.getService(), resourceManager);
    Token<?> jobHistory = jobHistory(renewer);
    credentials.addToken(jobHistory.getService(), jobHistory);
  }

  private Token<?> jobHistory(Text renewer) throws IOException {
    InetSocketAddress address =
        conf.getSocketAddr(
            JHAdminConfig.MR_HISTORY_ADDRESS,
            JHAdminConfig.DEFAULT_MR_HISTORY_ADDRESS,
            JHAdminConfig.DEFAULT_MR_HISTORY_PORT);
    YarnRPC rpc = YarnRPC.create(conf);
    HSClientProtocol server =
        (HSClientProtocol) rpc.getProxy(HSClientProtocol.class, address, conf);
    try {
      GetDelegationTokenRequest request = Records.newRecord(GetDelegationTokenRequest.class);
      request.setRenewer(renewer.toString());
      return ConverterUtils.convertFromYarn(
          server.getDelegationToken(request).getDelegationToken(), address);
    } finally {
      rpc.stopProxy(server, conf);
    }
  }
}
