/** ID embeddings of the buckets that a server owns. */
package io.dicm.ams.embedding;
