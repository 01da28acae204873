/** The 64-bit keys of images and IDs, the buckets that they fall in, and numbers made from them. */
package io.dicm.common.key;
