package io.dicm.feature.source;

/** Values of {@code dicm.extract.source}, in lower case with hyphens. */
public enum SourceKind {
  /** By the first bytes of the first file. */
  AUTO,
  /** A tree of image files, on any file system, HAR included. */
  FOLDER,
  /** SequenceFiles of Text (the image_id) and BytesWritable (the picture). */
  SEQUENCE_FILE,
  /** Parquet files with a column of image_ids and one of pictures. */
  PARQUET
}
