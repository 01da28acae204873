/** The image vectors of the buckets that a server owns, outside the Java heap. */
package io.dicm.ams.shard;
