package io.dicm.trainer.ablation;

/**
 * Whether a control shows what it must.
 *
 * @param variant the control's name
 * @param metric that was looked at
 * @param gain over the baseline
 * @param asExpected whether it is as it must be
 * @param sentence what that means, for people
 */
public record ControlVerdict(
    String variant, String metric, Estimate gain, boolean asExpected, String sentence) {}
