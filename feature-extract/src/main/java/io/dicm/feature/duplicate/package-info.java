/** Finds images of one catalogue that look alike: by their perceptual hashes, then by vectors. */
package io.dicm.feature.duplicate;
