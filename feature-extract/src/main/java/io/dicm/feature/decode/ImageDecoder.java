package io.dicm.feature.decode;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes JPEG, PNG, GIF (its first frame) and BMP files by the JDK's readers, WebP (its first
 * frame) by TwelveMonkeys'. Never throws for what is in a file; size is checked before pixels are
 * decoded, time between two reads of the file and between two rows. Safe for use by many threads.
 */
public final class ImageDecoder {
  private static final int INKS_AND_RGB_BYTES = 8;

  private final DecodeLimits limits;

  public ImageDecoder(DecodeLimits limits) {
    this.limits = limits;
  }

  /** Decodes one file's bytes. */
  public DecodedImage decode(byte[] bytes) {
    if (bytes.length == 0) {
      return new RejectedImage(RejectionReason.EMPTY, "the file has no bytes");
    }
    Optional<RejectedImage> size = checkFileSize(bytes.length);
    if (size.isPresent()) {
      return size.get();
    }
    Optional<ImageFormat> format = ImageFormat.of(bytes);
    if (format.isEmpty()) {
      return new RejectedImage(
          RejectionReason.UNSUPPORTED, "not a JPEG, PNG, GIF, WebP or BMP file");
    }
    Optional<RejectedImage> trouble =
        switch (format.get()) {
          case PNG -> PngChecksums.trouble(bytes);
          case WEBP -> WebpChunks.trouble(bytes);
          default -> Optional.empty();
        };
    return trouble.isPresent() ? trouble.get() : decode(bytes, format.get());
  }

  /** The rejection of a file of this length, if it is too long; it need not be read then. */
  public Optional<RejectedImage> checkFileSize(long length) {
    return length <= limits.maxBytes()
        ? Optional.empty()
        : Optional.of(
            new RejectedImage(
                RejectionReason.TOO_LARGE, length + " bytes, allowed " + limits.maxBytes()));
  }

  private DecodedImage decode(byte[] bytes, ImageFormat format) {
    Optional<ImageReader> found = reader(format);
    if (found.isEmpty()) {
      return new RejectedImage(
          RejectionReason.UNSUPPORTED, "this Java has no reader of " + format.imageIoName());
    }
    ImageReader reader = found.get();
    Deadline deadline = new Deadline(limits.maxTime());
    try (ImageInputStream in = new TimedImageInput(bytes, deadline)) {
      reader.setInput(in, true, true);
      reader.addIIOReadProgressListener(new DeadlineListener(deadline));
      DecodedImage decoded = decode(reader, bytes, format);
      deadline.check();
      return decoded;
    } catch (EOFException e) {
      return new RejectedImage(RejectionReason.TRUNCATED, detail(e));
    } catch (IOException | RuntimeException e) {
      // The JDK's readers throw most kinds of runtime exceptions for broken files.
      return rejected(e);
    } finally {
      reader.dispose();
    }
  }

  /** Without the registry for WebP: which readers it knows depends on who looked into it first. */
  private static Optional<ImageReader> reader(ImageFormat format) {
    if (format == ImageFormat.WEBP) {
      return Optional.of(new WebPImageReaderSpi().createReaderInstance(null));
    }
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.imageIoName());
    return readers.hasNext() ? Optional.of(readers.next()) : Optional.empty();
  }

  private DecodedImage decode(ImageReader reader, byte[] bytes, ImageFormat format)
      throws IOException {
    boolean jpeg = format == ImageFormat.JPEG;
    JpegHeader header = jpeg ? JpegHeader.of(bytes) : new JpegHeader(0, false, 0);
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    long pixels = (long) width * height;
    if (pixels > limits.maxPixels()) {
      return new RejectedImage(
          RejectionReason.TOO_MANY_PIXELS,
          width + " x " + height + " pixels, allowed " + limits.maxPixels() + " in all");
    }
    boolean inks = header.components() == JpegHeader.INKS;
    long decodedBytes = pixels * (inks ? INKS_AND_RGB_BYTES : bytesPerPixel(reader));
    if (decodedBytes > limits.maxDecodedBytes()) {
      return new RejectedImage(
          RejectionReason.HEAP_TOO_SMALL,
          width
              + " x "
              + height
              + " pixels need "
              + decodedBytes
              + " bytes of the heap, allowed "
              + limits.maxDecodedBytes());
    }
    List<String> warnings = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    BufferedImage image =
        inks ? new Inks(header).toRgb(reader.readRaster(0, null)) : reader.read(0);
    // libjpeg fills what is missing with gray and only warns.
    Optional<String> ending = warnings.stream().filter(ImageDecoder::tellsOfEnding).findFirst();
    if (ending.isPresent()) {
      return new RejectedImage(RejectionReason.TRUNCATED, ending.get());
    }
    return new Picture(image, orientation(bytes, format));
  }

  private static Orientation orientation(byte[] bytes, ImageFormat format) {
    return switch (format) {
      case JPEG -> ExifOrientation.of(bytes);
      case WEBP -> WebpChunks.orientation(bytes);
      default -> Orientation.NORMAL;
    };
  }

  private static long bytesPerPixel(ImageReader reader) throws IOException {
    Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
    int bits = types.hasNext() ? types.next().getColorModel().getPixelSize() : Integer.SIZE;
    return (bits + 7L) / 8;
  }

  private static RejectedImage rejected(Exception cause) {
    for (Throwable e = cause; e != null; e = e.getCause()) {
      if (e instanceof Deadline.PassedException) {
        return new RejectedImage(RejectionReason.TOO_SLOW, detail((Deadline.PassedException) e));
      }
      if (e instanceof EOFException) {
        return new RejectedImage(RejectionReason.TRUNCATED, detail(cause));
      }
    }
    String detail = detail(cause);
    if (detail.toLowerCase(Locale.ROOT).contains("unsupported")) {
      return new RejectedImage(RejectionReason.UNSUPPORTED, detail);
    }
    if (tellsOfEnding(detail)) {
      return new RejectedImage(RejectionReason.TRUNCATED, detail);
    }
    return new RejectedImage(RejectionReason.UNREADABLE, detail);
  }

  private static boolean tellsOfEnding(String message) {
    String lower = message.toLowerCase(Locale.ROOT);
    return lower.contains("premature end")
        || lower.contains("unexpected end")
        || lower.contains("truncated");
  }

  private static String detail(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.replace('\n', ' ');
  }
}
