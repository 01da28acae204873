package io.dicm.feature.job;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.FileDigest;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.store.ImageKeyCollision;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * All images of a directory, from one listing, by name. Hidden files ({@code .} and {@code _}) and
 * subdirectories are left out.
 *
 * @param directory where the files are
 * @param files the files by name
 */
record ImageListing(Path directory, List<ImageFile> files) {
  ImageListing {
    files = List.copyOf(files);
  }

  /**
   * Lists a directory.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when it is missing or empty, {@link
   *     ErrorCode#INPUT_INVALID} when two files have one image_id, {@link
   *     ErrorCode#IMAGE_KEY_COLLISION} when two image_ids have one key
   */
  static ImageListing of(Configuration conf, Path directory) throws IOException {
    FileSystem fs = directory.getFileSystem(conf);
    List<ImageFile> files = new ArrayList<>();
    try {
      RemoteIterator<FileStatus> entries = fs.listStatusIterator(directory);
      while (entries.hasNext()) {
        FileStatus status = entries.next();
        String name = status.getPath().getName();
        if (name.indexOf(':') >= 0) {
          throw new DicmException(
              ErrorCode.INPUT_INVALID,
              "Cannot extract images of "
                  + directory
                  + ": the name of "
                  + name
                  + " has a colon, which Hadoop's paths cannot have. Rename it.");
        }
        if (status.isFile() && !name.startsWith(".") && !name.startsWith("_")) {
          files.add(ImageFile.of(name, status.getLen(), status.getModificationTime()));
        }
      }
    } catch (FileNotFoundException e) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot extract images: there is no directory " + directory + ".",
          e);
    }
    if (files.isEmpty()) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot extract images: the directory " + directory + " has no files.");
    }
    files.sort(Comparator.comparing(ImageFile::name));
    ImageListing listing = new ImageListing(directory, files);
    listing.checkUnique();
    return listing;
  }

  /** The listing less some images. */
  ImageListing without(Set<String> imageIds) {
    return imageIds.isEmpty()
        ? this
        : new ImageListing(
            directory, files.stream().filter(file -> !imageIds.contains(file.imageId())).toList());
  }

  /** Number of images. */
  int size() {
    return files.size();
  }

  /** SHA-256 over names, lengths, modification times and whatever else the result depends on. */
  String digest(String otherInfluences) {
    MessageDigest digest = FileDigest.newSha256();
    digest.update(otherInfluences.getBytes(StandardCharsets.UTF_8));
    for (ImageFile file : files) {
      String line = "\n" + file.name() + "\0" + file.length() + "\0" + file.modifiedAtMs();
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void checkUnique() {
    Map<Long, ImageFile> byKey = new HashMap<>();
    for (ImageFile file : files) {
      long key = Fingerprints.imageKey(file.imageId());
      ImageFile other = byKey.put(key, file);
      if (other != null && other.imageId().equals(file.imageId())) {
        throw new DicmException(
            ErrorCode.INPUT_INVALID,
            "Cannot extract images of "
                + directory
                + ": the files "
                + other.name()
                + " and "
                + file.name()
                + " are both image "
                + file.imageId()
                + ". Remove one of them.");
      }
      if (other != null) {
        throw ImageKeyCollision.of(other.imageId(), file.imageId(), key);
      }
    }
  }
}
