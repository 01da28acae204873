/**
 * SimTier: histograms of how similar the images of a user's behaviours are to the shown item's, by
 * their vectors as they are stored (Sheng et al., "Enhancing Taobao Display Advertising with
 * Multimodal Representations", CIKM 2024), counted where the vectors lie.
 */
package io.dicm.ams.tier;
