package io.dicm.app.launch;

import io.dicm.common.process.NativeOptions;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.yarn.api.ApplicationConstants;

/**
 * The shell command that starts a Java process of ours in a container.
 *
 * @param mainClass the entry point
 * @param memory heap and direct memory
 * @param options the user's, which come after ours
 * @param arguments of the program; without blanks and shell characters
 */
public record JavaCommand(
    String mainClass, ContainerMemory memory, List<String> options, List<String> arguments) {
  /**
   * The command line; YARN puts the node's values for {@code JAVA_HOME}, {@code PWD} and the log
   * folder.
   */
  public String line() {
    List<String> words = new ArrayList<>();
    words.add("{{JAVA_HOME}}/bin/java");
    words.add("-Xmx" + memory.heapMb() + "m");
    words.add("-XX:MaxDirectMemorySize=" + memory.directMb() + "m");
    words.add("-XX:+UseSerialGC");
    words.add("-XX:+ExitOnOutOfMemoryError");
    words.add("-Djava.io.tmpdir={{PWD}}/tmp");
    words.add("-Djava.net.preferIPv4Stack=true");
    words.addAll(NativeOptions.javaOptions("{{PWD}}/tmp/javacpp"));
    words.addAll(ProcessLog.javaOptions(ApplicationConstants.LOG_DIR_EXPANSION_VAR));
    words.addAll(options);
    words.add(mainClass);
    words.addAll(arguments);
    words.add("1>" + ApplicationConstants.LOG_DIR_EXPANSION_VAR + "/stdout");
    words.add("2>" + ApplicationConstants.LOG_DIR_EXPANSION_VAR + "/stderr");
    return String.join(" ", words);
  }
}
