/** Measures extraction against what this machine's libtorch can do. */
package io.dicm.feature.bench;
