package io.dicm.feature.store;

import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** The Parquet schema of the feature store and the keys of its files' metadata. */
final class FeatureSchema {
  static final String IMAGE_ID = "image_id";
  static final String IMAGE_KEY = "image_key";
  static final String CONTENT_DIGEST = "content_digest";
  static final String FEATURE = "feature";
  static final String WIDTH = "width";
  static final String HEIGHT = "height";
  static final String EXTRACTED_AT = "extracted_at";
  static final String PERCEPTUAL_HASH = "perceptual_hash";

  /** Path of the vector's elements, as Parquet's settings name it. */
  static final String FEATURE_ELEMENT = "feature.list.element";

  /** Metadata key of a file: the extractor's ID. */
  static final String EXTRACTOR_ID = "dicm.extractor-id";

  /** Metadata key of a file: length of each vector. */
  static final String DIMENSION = "dicm.dimension";

  static final MessageType MESSAGE =
      MessageTypeParser.parseMessageType(
          """
          message image_feature {
            required binary image_id (STRING);
            required int64 image_key;
            required binary content_digest (STRING);
            required group feature (LIST) {
              repeated group list {
                required float element;
              }
            }
            required int32 width;
            required int32 height;
            required int64 extracted_at;
            required int64 perceptual_hash;
          }
          """);

  private FeatureSchema() {}
}
