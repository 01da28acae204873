/** Kinds of encoders, and VGG16 on libtorch. */
package io.dicm.feature.encode;
