package io.dicm.trainer.ablation;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Whether a control shows what it must.
 *
 * @param variant the control's name
 * @param metric that was looked at
 * @param gain over the baseline; null when the test impressions do not define it
 * @param asExpected whether it is as it must be
 * @param sentence what that means, for people
 */
public record ControlVerdict(
    String variant,
    String metric,
    Estimate gain,
    @JsonProperty("as_expected") boolean asExpected,
    String sentence) {}
