package io.dicm.common.fs;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Has a process of tests set local files' permissions itself, before a test opens a file system.
 * For this module's tests and those of modules that take its test-jar.
 */
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
