package io.dicm.feature.job;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.source.ImageSource;
import io.dicm.feature.source.PieceConsumer;
import io.dicm.feature.source.SourcePiece;
import io.dicm.feature.store.ImageKeyCollision;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;

/**
 * All pieces of a source, from one listing, in a temporary file of this machine that {@link #close}
 * removes: memory is 8 bytes an image. Not safe for use by many threads.
 */
final class ImageListing implements Closeable {
  private final ImageSource source;
  private final Path file;
  private final LongArray imageKeys = new LongArray();
  private final MultisetDigest digest = new MultisetDigest();
  private long pieces;
  private long images;
  private long bytes;

  private ImageListing(ImageSource source) throws IOException {
    this.source = source;
    this.file = Files.createTempFile("dicm-images-", ".list");
  }

  /**
   * Lists a source.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when it is missing or empty, {@link
   *     ErrorCode#INPUT_INVALID} when two files have one image_id, {@link
   *     ErrorCode#IMAGE_KEY_COLLISION} when two image_ids have one key
   */
  static ImageListing of(ImageSource source) throws IOException {
    ImageListing listing = filled(source, source::list);
    try {
      if (listing.pieces == 0) {
        throw new DicmException(
            ErrorCode.INPUT_MISSING,
            "Cannot extract images: the directory " + source.location() + " has no files.");
      }
      listing.checkUnique();
      return listing;
    } catch (IOException | RuntimeException e) {
      listing.close();
      throw e;
    }
  }

  /** What of this listing a job shall do: the pieces that pass. May be empty. */
  ImageListing where(Predicate<SourcePiece> wanted) throws IOException {
    return filled(
        source,
        pieces ->
            forEach(
                piece -> {
                  if (wanted.test(piece)) {
                    pieces.accept(piece);
                  }
                }));
  }

  ImageSource source() {
    return source;
  }

  /** Files, or ranges of files that hold many images. */
  long pieces() {
    return pieces;
  }

  /** Number of images; an estimate unless the source counts its images. */
  long images() {
    return images;
  }

  /** Number of images, if it is known exactly. */
  OptionalLong exactImages() {
    return source.countsImages() ? OptionalLong.of(images) : OptionalLong.empty();
  }

  /** Whether each piece is one image, whose image_id the listing tells. */
  boolean namesImages() {
    return imageKeys.size() == pieces;
  }

  /** The image_id of a piece of a listing that {@link #namesImages}. */
  String imageId(SourcePiece piece) {
    return source.imageId(piece).orElseThrow();
  }

  /** Bytes of all pieces. */
  long bytes() {
    return bytes;
  }

  /**
   * SHA-256 over names, ranges, modification times, whatever their order, and over what else the
   * result depends on.
   */
  String digest(String otherInfluences) {
    return digest.with(otherInfluences);
  }

  /** Streams the pieces in the order of the listing. */
  void forEach(PieceConsumer consumer) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      ListingFile.read(in, Files.size(file), consumer);
    }
  }

  /** Copies the listing to a file that the job's tasks read. */
  void copyTo(Configuration conf, org.apache.hadoop.fs.Path target) throws IOException {
    try (OutputStream out = target.getFileSystem(conf).create(target, true)) {
      Files.copy(file, out);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }

  /** Gives pieces to a consumer. */
  @FunctionalInterface
  private interface Lister {
    void list(PieceConsumer pieces) throws IOException;
  }

  private static ImageListing filled(ImageSource source, Lister lister) throws IOException {
    ImageListing listing = new ImageListing(source);
    try (OutputStream out = Files.newOutputStream(listing.file);
        ListingFile.Writer writer = new ListingFile.Writer(out)) {
      lister.list(piece -> listing.add(piece, writer));
      return listing;
    } catch (IOException | RuntimeException e) {
      listing.close();
      throw e;
    }
  }

  private void add(SourcePiece piece, ListingFile.Writer writer) throws IOException {
    writer.write(piece);
    pieces++;
    images += piece.images();
    bytes += piece.length();
    String line =
        String.join(
            "\0",
            piece.name(),
            Long.toString(piece.start()),
            Long.toString(piece.length()),
            Long.toString(piece.modifiedAtMs()));
    digest.add(line.getBytes(StandardCharsets.UTF_8));
    source.imageId(piece).ifPresent(id -> imageKeys.add(Fingerprints.imageKey(id)));
  }

  /** Image_ids within files of many images are compared by the reducers. */
  private void checkUnique() throws IOException {
    OptionalLong twice = imageKeys.firstDuplicate();
    if (twice.isEmpty()) {
      return;
    }
    Map<String, String> idsByName = new TreeMap<>();
    forEach(
        piece -> {
          String imageId = source.imageId(piece).orElseThrow();
          if (Fingerprints.imageKey(imageId) == twice.getAsLong()) {
            idsByName.put(piece.name(), imageId);
          }
        });
    throw twoOf(idsByName, twice.getAsLong());
  }

  private DicmException twoOf(Map<String, String> idsByName, long key) {
    var entries = idsByName.entrySet().iterator();
    Map.Entry<String, String> first = entries.next();
    Map.Entry<String, String> second = entries.next();
    if (!first.getValue().equals(second.getValue())) {
      return ImageKeyCollision.of(first.getValue(), second.getValue(), key);
    }
    return new DicmException(
        ErrorCode.INPUT_INVALID,
        "Cannot extract images of "
            + source.location()
            + ": the files "
            + first.getKey()
            + " and "
            + second.getKey()
            + " are both image "
            + first.getValue()
            + ". Remove one of them.");
  }
}
