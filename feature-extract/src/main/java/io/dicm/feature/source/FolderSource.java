package io.dicm.feature.source;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * A tree of image files on any Hadoop file system, an archive ({@code har://}) included. The
 * image_id is the file's path below the folder without its last extension. Immutable and safe for
 * use by many threads.
 *
 * <p>Pieces have no hosts: reading a small file takes little of the time that the network takes for
 * it, and listings with places are longer, since HDFS counts them against the size of a page.
 */
public final class FolderSource implements ImageSource {
  private final FileTree tree;
  private final long maxBytes;

  /**
   * @param maxBytes largest image file; larger ones are rejected without being read
   */
  FolderSource(Configuration conf, Path folder, long maxBytes) throws IOException {
    this.tree = new FileTree(conf, folder);
    this.maxBytes = maxBytes;
  }

  /** The image_id of a file by its name below the folder. */
  static String imageId(String name) {
    int dot = name.lastIndexOf('.');
    int begin = name.lastIndexOf('/') + 1;
    return dot > begin ? name.substring(0, dot) : name;
  }

  @Override
  public SourceKind kind() {
    return SourceKind.FOLDER;
  }

  @Override
  public Path location() {
    return tree.root();
  }

  @Override
  public boolean countsImages() {
    return true;
  }

  @Override
  public Optional<String> imageId(SourcePiece piece) {
    return Optional.of(idOf(piece));
  }

  @Override
  public void list(PieceConsumer pieces) throws IOException {
    RemoteIterator<ListedFile> files = tree.files();
    while (files.hasNext()) {
      ListedFile file = files.next();
      pieces.accept(
          SourcePiece.file(
              file.name(), file.status().getLen(), file.status().getModificationTime()));
    }
  }

  @Override
  public ImageCursor open(SourcePiece piece) {
    return new OneImage(piece);
  }

  private String idOf(SourcePiece piece) {
    return imageId(piece.name().isEmpty() ? tree.root().getName() : piece.name());
  }

  private SourceImage read(SourcePiece piece) throws IOException {
    Path file = tree.path(piece.name());
    String imageId = idOf(piece);
    if (piece.length() > maxBytes) {
      return tooLarge(imageId, file, piece.length());
    }
    try (FSDataInputStream in = tree.fileSystem().open(file)) {
      // One more than listed: the file may have grown since.
      byte[] bytes = in.readNBytes((int) Math.min(maxBytes + 1, Integer.MAX_VALUE - 8L));
      return bytes.length > maxBytes
          ? tooLarge(imageId, file, bytes.length)
          : SourceImage.of(imageId, file.toString(), bytes);
    } catch (IOException e) {
      return SourceImage.rejected(imageId, file.toString(), ReadTrouble.of(e, () -> isThere(file)));
    }
  }

  private boolean isThere(Path file) throws IOException {
    return tree.fileSystem().exists(file);
  }

  private SourceImage tooLarge(String imageId, Path file, long length) {
    return SourceImage.rejected(imageId, file.toString(), Rejections.tooLarge(length, maxBytes));
  }

  /** The cursor over a piece that is one file. */
  private final class OneImage implements ImageCursor {
    private SourcePiece piece;

    private OneImage(SourcePiece piece) {
      this.piece = piece;
    }

    @Override
    public Optional<SourceImage> next() throws IOException {
      if (piece == null) {
        return Optional.empty();
      }
      SourceImage image = read(piece);
      piece = null;
      return Optional.of(image);
    }

    @Override
    public void close() {}
  }
}
