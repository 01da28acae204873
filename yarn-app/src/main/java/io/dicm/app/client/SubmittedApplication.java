package io.dicm.app.client;

import io.dicm.app.pipeline.PipelineSettings;
import org.apache.hadoop.yarn.api.records.ApplicationId;

/**
 * An application that YARN has taken.
 *
 * @param id YARN's name for it
 * @param settings what it does
 */
public record SubmittedApplication(ApplicationId id, PipelineSettings settings) {}
