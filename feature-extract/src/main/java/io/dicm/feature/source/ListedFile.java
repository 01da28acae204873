package io.dicm.feature.source;

import org.apache.hadoop.fs.FileStatus;

/**
 * A file of a {@link FileTree}.
 *
 * @param name its path below the tree's root, separated by {@code /}
 * @param status what the listing said of it
 */
record ListedFile(String name, FileStatus status) {}
