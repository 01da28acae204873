package io.dicm.trainer.fault;

import io.dicm.common.error.DicmException;
import io.dicm.common.fs.DirectLocalFileSystem;
import io.dicm.common.security.ApplicationSecret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;

/**
 * One server or worker as a process: arguments say what it is, the supervisor's lines on standard
 * input bring the secret and the servers' addresses. When that input ends, the supervisor is gone
 * and so is the process.
 */
final class MemberMain {
  private static final int FAILED = 1;

  private MemberMain() {}

  /**
   * @param args the settings, then role, index, epoch, and the step of the checkpoint to go on from
   *     or 0
   */
  @SuppressWarnings("SystemExitOutsideMain")
  public static void main(String[] args) throws IOException {
    DirectLocalFileSystem.install(new Configuration(false));
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    ApplicationSecret secret = ApplicationSecret.of(HexFormat.of().parseHex(input.readLine()));
    FaultSettings settings = FaultSettings.of(args);
    int index = Integer.parseInt(args[FaultSettings.ARGUMENTS + 1]);
    long epoch = Long.parseLong(args[FaultSettings.ARGUMENTS + 2]);
    try {
      switch (Role.valueOf(args[FaultSettings.ARGUMENTS])) {
        case SERVER ->
            new ServerMember(settings, index, epoch, secret)
                .run(input, Long.parseLong(args[FaultSettings.ARGUMENTS + 3]));
        case WORKER -> new WorkerMember(settings, index, epoch, secret).run(input);
      }
      System.exit(0);
    } catch (DicmException e) {
      Word.FAILED.say(e.code() + " " + e.getMessage());
      e.printStackTrace();
      System.exit(FAILED);
    }
  }
}
