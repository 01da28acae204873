package io.dicm.trainer;

import io.dicm.common.fs.DirectLocalFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Has the tests' process set files' permissions itself, before a test opens a file system. */
public final class QuickLocalFiles implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    try {
      DirectLocalFileSystem.install(new Configuration(false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
