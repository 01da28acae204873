package io.dicm.app.client;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.FileDigest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A name for one piece of work. An application carries it as a tag of YARN's, by which a launcher
 * that was started again finds it.
 *
 * @param text 1 to 80 characters
 */
record SubmissionKey(String text) {
  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._:-]{1,80}");
  private static final String AUTOMATIC = "auto";
  private static final String TAG_PREFIX = "dicm_key_";
  private static final int DIGEST_BYTES = 16;

  SubmissionKey {
    if (!ALLOWED.matcher(text).matches()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s: was '%s', allowed are 1 to 80 letters, digits, '.', '_', ':' and '-'."
              .formatted(DicmKeys.YARN_SUBMISSION_KEY, text));
    }
  }

  /** The configured one, if there is one; {@code auto} is a digest of what is written where. */
  static Optional<SubmissionKey> of(DicmConfiguration conf, PipelineSettings settings) {
    String text = conf.text(DicmKeys.YARN_SUBMISSION_KEY);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        text.equals(AUTOMATIC)
            ? new SubmissionKey(AUTOMATIC + "-" + digest(settings))
            : new SubmissionKey(text));
  }

  /** In lower case, as YARN keeps tags. */
  String tag() {
    return TAG_PREFIX + text.toLowerCase(Locale.ROOT);
  }

  private static String digest(PipelineSettings settings) {
    String work =
        String.join(
            "\n",
            settings.workspace().root().toString(),
            settings.date(),
            settings.run(),
            StageName.labels(settings.stages()));
    byte[] digest = FileDigest.newSha256().digest(work.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
  }
}
