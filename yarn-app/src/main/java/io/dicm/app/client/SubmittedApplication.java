package io.dicm.app.client;

import io.dicm.app.pipeline.PipelineSettings;
import org.apache.hadoop.yarn.api.records.ApplicationId;

/**
 * An application that YARN has taken.
 *
 * @param id YARN's name for it
 * @param settings what it does
 * @param joined whether an earlier command submitted it, with the same key
 */
public record SubmittedApplication(ApplicationId id, PipelineSettings settings, boolean joined) {
  /** One that this command submitted. */
  public SubmittedApplication(ApplicationId id, PipelineSettings settings) {
    this(id, settings, false);
  }
}
