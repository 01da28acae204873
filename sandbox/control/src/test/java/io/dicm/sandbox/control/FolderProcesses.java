package io.dicm.sandbox.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The living processes that name a folder in their command line or environment. */
public final class FolderProcesses {
  private final Path folder;

  public FolderProcesses(Path folder) {
    this.folder = folder;
  }

  /** Their IDs, without that of this process. */
  public List<Long> ids() {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> pid != ProcessHandle.current().pid())
        .filter(pid -> names(pid, "cmdline") || names(pid, "environ"))
        .toList();
  }

  private boolean names(long pid, String file) {
    try {
      byte[] content = Files.readAllBytes(Path.of("/proc", Long.toString(pid), file));
      return new String(content, StandardCharsets.UTF_8).contains(folder.toString());
    } catch (IOException e) {
      return false; // Gone, or another user's.
    }
  }
}
