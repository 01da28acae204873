package io.dicm.common.process;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.StringUtils;

/**
 * What a container's process runs in: which Java, and YARN's Docker runtime on request.
 *
 * @param javaHome of the node or image; with an archive the folder in it; empty: the node's own, or
 *     the archive's root
 * @param jdkArchive that YARN unpacks into {@link #JDK_FOLDER} of the working folder
 * @param dockerImage empty: no Docker
 * @param dockerMounts as YARN takes them; without an image they mean nothing
 */
public record ContainerRuntime(
    String javaHome, Optional<Path> jdkArchive, String dockerImage, String dockerMounts) {
  /** The folder, in a container's working folder, into which the archive is unpacked. */
  public static final String JDK_FOLDER = "jdk";

  private static final Pattern ARCHIVE = Pattern.compile(".*\\.(tar\\.gz|tgz|zip)");
  private static final Pattern FOLDER = Pattern.compile("[A-Za-z0-9_+.@-]+(/[A-Za-z0-9_+.@-]+)*");
  private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:@-]*");
  private static final Pattern MOUNT = Pattern.compile("[^:,\\s]+:[^:,\\s]+:r[ow](\\+[a-z]+)?");

  /** That of MapReduce's processes, and of roles without settings of their own. */
  public static ContainerRuntime of(Configuration conf) {
    return of(
        conf, DicmKeys.YARN_JAVA_HOME, DicmKeys.YARN_JDK_ARCHIVE, image(conf, Optional.empty()));
  }

  /**
   * That of a role.
   *
   * @param role {@code master}, {@code server}, {@code worker} or {@code predictor}
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for values that cannot be used,
   *     alone or together
   */
  public static ContainerRuntime of(Configuration conf, String role) {
    String javaHome = "dicm.yarn." + role + ".java-home";
    String archive = "dicm.yarn." + role + ".jdk-archive";
    String image = image(conf, Optional.of("dicm.yarn." + role + ".docker-image"));
    boolean own =
        !conf.getTrimmed(javaHome, "").isEmpty() || !conf.getTrimmed(archive, "").isEmpty();
    return own
        ? of(conf, javaHome, archive, image)
        : of(conf, DicmKeys.YARN_JAVA_HOME, DicmKeys.YARN_JDK_ARCHIVE, image);
  }

  /** Environment variables; {@code {{PWD}}} in them is YARN's name of the working folder. */
  public Map<String, String> variables() {
    Map<String, String> variables = new TreeMap<>();
    String home =
        jdkArchive.isPresent()
            ? "{{PWD}}/" + JDK_FOLDER + (javaHome.isEmpty() ? "" : "/" + javaHome)
            : javaHome;
    if (!home.isEmpty()) {
      variables.put("JAVA_HOME", home);
    }
    if (!dockerImage.isEmpty()) {
      variables.put("YARN_CONTAINER_RUNTIME_TYPE", "docker");
      variables.put("YARN_CONTAINER_RUNTIME_DOCKER_IMAGE", dockerImage);
      if (!dockerMounts.isEmpty()) {
        variables.put("YARN_CONTAINER_RUNTIME_DOCKER_MOUNTS", dockerMounts);
      }
    }
    return variables;
  }

  private static ContainerRuntime of(
      Configuration conf, String javaHomeKey, String archiveKey, String image) {
    String javaHome = conf.getTrimmed(javaHomeKey, "");
    String archive = conf.getTrimmed(archiveKey, "");
    String mounts = mounts(conf);
    if (archive.isEmpty()) {
      return new ContainerRuntime(javaHome, Optional.empty(), image, mounts);
    }
    if (!ARCHIVE.matcher(archive.toLowerCase(Locale.ROOT)).matches()) {
      throw invalid(archiveKey, archive, "YARN unpacks files that end in .tar.gz, .tgz or .zip.");
    }
    if (!javaHome.isEmpty() && !FOLDER.matcher(javaHome).matches()) {
      throw invalid(
          javaHomeKey,
          javaHome,
          "with %s=%s it is a folder in the archive, such as jdk-17.0.13+11. Leave one of them empty, or name the folder."
              .formatted(archiveKey, archive));
    }
    return new ContainerRuntime(javaHome, Optional.of(new Path(archive)), image, mounts);
  }

  private static String image(Configuration conf, Optional<String> ownKey) {
    String own = ownKey.map(key -> conf.getTrimmed(key, "")).orElse("");
    String key = own.isEmpty() ? DicmKeys.YARN_DOCKER_IMAGE : ownKey.orElseThrow();
    String image = conf.getTrimmed(key, "");
    if (!image.isEmpty() && !IMAGE.matcher(image).matches()) {
      throw invalid(key, image, "it is no image's name, such as registry/dicm-jdk17:1.");
    }
    return image;
  }

  private static String mounts(Configuration conf) {
    String[] mounts = StringUtils.getTrimmedStrings(conf.get(DicmKeys.YARN_DOCKER_MOUNTS, ""));
    for (String mount : mounts) {
      if (!MOUNT.matcher(mount).matches()) {
        throw invalid(
            DicmKeys.YARN_DOCKER_MOUNTS, mount, "needed is source:destination:ro, or rw.");
      }
    }
    return String.join(",", mounts);
  }

  private static DicmException invalid(String key, String value, String why) {
    return new DicmException(
        ErrorCode.CONFIGURATION_INVALID, "%s was '%s': %s".formatted(key, value, why));
  }
}
