package io.dicm.ams.embedding;

/**
 * What a table of ID embeddings holds and has done.
 *
 * @param rows trained embeddings held now
 * @param candidates IDs held now that were not asked for often enough yet
 * @param begun IDs that began to be counted since this table was made, expired ones anew
 * @param admitted trained embeddings made since then, restored ones not among them
 * @param expired trained embeddings removed since then
 * @param bytes taken outside the Java heap, what a checkpoint still holds included
 */
public record EmbeddingStatistics(
    long rows, long candidates, long begun, long admitted, long expired, long bytes) {}
