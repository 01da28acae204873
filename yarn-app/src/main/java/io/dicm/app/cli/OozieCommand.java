package io.dicm.app.cli;

import io.dicm.app.oozie.JobKind;
import io.dicm.app.oozie.OozieClient;
import io.dicm.app.oozie.OozieJob;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.hadoop.security.UserGroupInformation;

/** Submits, shows and kills the jobs of DICM's Oozie application. */
final class OozieCommand implements Command {
  private static final String APP = "app";
  private static final String SET = "set";
  private static final String APP_PATH = "appPath";

  /** What the application folder holds for each name. */
  private static final Map<String, JobKind> APPS =
      new TreeMap<>(
          Map.of(
              "workflow",
              JobKind.WORKFLOW,
              "extract",
              JobKind.WORKFLOW,
              "backfill",
              JobKind.WORKFLOW,
              "coordinator",
              JobKind.COORDINATOR,
              "extract-coordinator",
              JobKind.COORDINATOR,
              "bundle",
              JobKind.BUNDLE));

  @Override
  public String name() {
    return "oozie";
  }

  @Override
  public String summary() {
    return "submits, shows or kills a job of the Oozie application";
  }

  @Override
  public String arguments() {
    return "submit FILE | status JOB_ID | kill JOB_ID";
  }

  @Override
  public String details() {
    return "FILE: the job's properties on this machine, such as job.properties. The server is that"
        + " of "
        + DicmKeys.OOZIE_URL
        + ".\n";
  }

  @Override
  public Options options() {
    return OutputFormat.addTo(
        new Options()
            .addOption(
                LaunchOptions.value(
                    APP,
                    "NAME",
                    "submit: what of the folder " + APP_PATH + ": " + String.join(", ", names())))
            .addOption(
                Option.builder()
                    .longOpt(SET)
                    .hasArg()
                    .argName("NAME=VALUE")
                    .desc("submit: a property that wins over the file's; may be repeated")
                    .build()));
  }

  @Override
  public void run(CommandContext context, CommandLine line) throws IOException, UsageException {
    if (line.getArgs().length != 2) {
      throw new UsageException("oozie needs submit, status or kill, and one file or job");
    }
    OutputFormat format = OutputFormat.of(line);
    String subject = line.getArgs()[1];
    switch (line.getArgs()[0]) {
      case "submit" -> {
        Map<String, String> properties = properties(line, subject);
        String id = client(context).submit(properties);
        context.out().print(format.write(Map.of("job_id", id)));
      }
      case "status" -> context.out().print(write(client(context).job(subject), format));
      case "kill" -> {
        client(context).kill(subject);
        context.err().println("Killed " + subject);
      }
      default ->
          throw new UsageException(
              "there is no 'oozie " + line.getArgs()[0] + "', only submit, status and kill");
    }
  }

  private static OozieClient client(CommandContext context) throws IOException {
    return OozieClient.of(context.conf(), UserGroupInformation.getCurrentUser().getShortUserName());
  }

  private static List<String> names() {
    return List.copyOf(APPS.keySet());
  }

  private static Map<String, String> properties(CommandLine line, String file)
      throws IOException, UsageException {
    Properties read = new Properties();
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      read.load(new java.io.InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING, "Cannot submit: there is no file " + file + ".", e);
    } catch (IllegalArgumentException e) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID, "Cannot submit: %s: %s.".formatted(file, e.getMessage()), e);
    }
    Map<String, String> properties = new TreeMap<>();
    read.stringPropertyNames().forEach(key -> properties.put(key, read.getProperty(key).strip()));
    if (line.hasOption(SET)) {
      for (String setting : line.getOptionValues(SET)) {
        int equals = setting.indexOf('=');
        if (equals < 1) {
          throw new UsageException("--set was '" + setting + "', needed NAME=VALUE");
        }
        properties.put(setting.substring(0, equals), setting.substring(equals + 1));
      }
    }
    choose(line, properties);
    return properties;
  }

  /** Oozie wants exactly one application path. */
  private static void choose(CommandLine line, Map<String, String> properties)
      throws UsageException {
    if (!line.hasOption(APP)) {
      return;
    }
    String name = line.getOptionValue(APP);
    JobKind kind = APPS.get(name);
    if (kind == null) {
      throw new UsageException(
          "--app was '" + name + "', allowed is " + String.join(", ", names()));
    }
    if (!properties.containsKey(APP_PATH)) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot submit: the file has no property " + APP_PATH + ", in which --app looks.");
    }
    for (JobKind one : JobKind.values()) {
      properties.remove(one.pathKey());
    }
    properties.put(kind.pathKey(), "${" + APP_PATH + "}/" + name + ".xml");
  }

  private static String write(OozieJob job, OutputFormat format) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("job_id", job.id());
    fields.put("kind", job.kind().label());
    fields.put("name", job.name());
    fields.put("status", job.status());
    fields.put("message", job.message());
    if (format == OutputFormat.JSON) {
      fields.put("steps", job.steps());
    } else {
      fields.put("steps", job.steps().size());
      for (int i = 0; i < job.steps().size(); i++) {
        OozieJob.Step step = job.steps().get(i);
        fields.put(i + ".name", step.name());
        fields.put(i + ".status", step.status());
        fields.put(i + ".runs", step.runs());
      }
    }
    return format.write(fields);
  }
}
