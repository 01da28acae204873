package io.dicm.app.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a container finds on its host.
 *
 * @param java version of Java, such as 17.0.9; empty: none is there
 * @param libc version of glibc, such as 2.35; empty: another C library, or unknown
 * @param machine such as x86_64
 * @param epochSeconds the host's clock when it was asked, s since 1970 UTC
 */
record HostFacts(String java, String libc, String machine, long epochSeconds) {
  private static final int LEAST_JAVA = 17;

  /** libtorch's. */
  private static final int LEAST_GLIBC_MINOR = 35;

  private static final long LIMIT_SECONDS = 5;

  /** Before the line that the probe writes. */
  static final String MARK = "dicm-probe";

  private static final Pattern LINE =
      Pattern.compile(MARK + "\\|([^|]*)\\|([^|]*)\\|([^|]*)\\|(\\d{1,12})\\|");

  private static final Pattern QUOTED_VERSION = Pattern.compile("version \"([^\"]+)\"");
  private static final Pattern GLIBC = Pattern.compile("(?:glibc|GLIBC|libc).*?(\\d+\\.\\d+)");

  /** A POSIX shell script that writes the line {@link #parse} reads to stderr. */
  static String script() {
    return """
        java=$("$JAVA_HOME/bin/java" -version 2>&1 | head -n 1 | tr '|' ' ')
        libc=$(getconf GNU_LIBC_VERSION 2>/dev/null || ldd --version 2>&1 | head -n 1 | tr '|' ' ')
        echo "%s|$java|$libc|$(uname -m)|$(date +%%s)|" 1>&2
        """
        .formatted(MARK);
  }

  /** The facts in a text that has the script's line somewhere. */
  static Optional<HostFacts> parse(String text) {
    Matcher line = LINE.matcher(text);
    if (!line.find()) {
      return Optional.empty();
    }
    return Optional.of(
        new HostFacts(
            first(QUOTED_VERSION, line.group(1)),
            first(GLIBC, line.group(2)),
            line.group(3).strip(),
            Long.parseLong(line.group(4))));
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  /** Of the host that this process is on. */
  static HostFacts ofThisHost() {
    return new HostFacts(
        System.getProperty("java.version"),
        first(GLIBC, output("getconf", "GNU_LIBC_VERSION")),
        System.getProperty("os.arch"),
        System.currentTimeMillis() / 1000);
  }

  private static String output(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "";
      }
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // No such command: another C library.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /** What a container of ours could not live with; nothing: all is well. */
  List<String> shortcomings() {
    List<String> wrong = new ArrayList<>();
    if (java.isEmpty()) {
      wrong.add("no Java at JAVA_HOME");
    } else if (feature() < LEAST_JAVA) {
      wrong.add("Java " + java + ", needed " + LEAST_JAVA + " or newer");
    }
    if (libc.isEmpty()) {
      wrong.add("no glibc, needed 2." + LEAST_GLIBC_MINOR);
    } else if (olderLibc()) {
      wrong.add("glibc " + libc + ", needed 2." + LEAST_GLIBC_MINOR + " or newer");
    }
    if (!machine.equals("x86_64") && !machine.equals("amd64")) {
      wrong.add(machine + ", needed x86_64");
    }
    return wrong;
  }

  /** Java 8 calls itself 1.8. */
  private int feature() {
    String[] parts = java.split("[^0-9]+", -1);
    int first = Integer.parseInt(parts[0]);
    return first == 1 && parts.length > 1 ? Integer.parseInt(parts[1]) : first;
  }

  private boolean olderLibc() {
    String[] parts = libc.split("\\.", -1);
    int major = Integer.parseInt(parts[0]);
    return major < 2 || (major == 2 && Integer.parseInt(parts[1]) < LEAST_GLIBC_MINOR);
  }

  /** In a few words. */
  String words() {
    return "Java %s, glibc %s, %s"
        .formatted(java.isEmpty() ? "none" : java, libc.isEmpty() ? "none" : libc, machine);
  }
}
