package io.dicm.trainer.importer;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Which files and columns of somebody's own CSV tables are what: the JSON file of {@code import csv
 * --mapping}. Paths are relative to {@code --from}. For example:
 *
 * <pre>
 * {
 *   "separator": ";",
 *   "impressions": {
 *     "file": "shown.csv", "user_id": "visitor", "item_id": "sku",
 *     "ts": {"column": "time", "format": "dd.MM.yyyy HH:mm:ss", "zone": "Europe/Berlin"},
 *     "label": {"column": "action", "equals": ["click", "buy"]},
 *     "columns": {"hour": "hour_of_day"}},
 *   "items": {
 *     "file": "articles.csv", "id": "sku", "image_id": "photo",
 *     "columns": {"category": "groups"}, "lists": {"category": ","}},
 *   "images": "photos",
 *   "features": [
 *     {"name": "user_id", "side": "user", "kind": "id"},
 *     {"name": "item_id", "side": "item", "kind": "id", "behavior": true, "query": true},
 *     {"name": "category", "side": "item", "kind": "ids"},
 *     {"name": "hour", "side": "context", "kind": "id"}]
 * }
 * </pre>
 *
 * @param impressions the log of what was shown; needs a label
 * @param behaviors optional: a log of clicks; {@code label} says which rows are clicks, none: all
 * @param items optional: none, the items of the log
 * @param users optional
 * @param images optional: a folder of pictures named by image_id
 * @param separator one character between fields; none: a comma
 * @param features as in {@code features.json}
 */
public record CsvMapping(
    LogMapping impressions,
    LogMapping behaviors,
    ListMapping items,
    ListMapping users,
    String images,
    String separator,
    JsonNode features) {

  /**
   * A log.
   *
   * @param file its file
   * @param userId column
   * @param itemId column
   * @param ts the moment
   * @param label which rows are clicks
   * @param impressionId optional column, impressions only
   * @param columns optional: further columns, ours to theirs
   */
  public record LogMapping(
      String file,
      @JsonProperty("user_id") String userId,
      @JsonProperty("item_id") String itemId,
      Moment ts,
      Label label,
      @JsonProperty("impression_id") String impressionId,
      Map<String, String> columns) {
    public LogMapping {
      columns = columns == null ? Map.of() : Map.copyOf(columns);
    }
  }

  /**
   * A list of items or users.
   *
   * @param file its file
   * @param id column of item_id or user_id
   * @param imageId optional column, items only; none: the item_id
   * @param columns optional: further columns, ours to theirs
   * @param lists optional: what separates the values of those of our columns that have several
   */
  public record ListMapping(
      String file,
      String id,
      @JsonProperty("image_id") String imageId,
      Map<String, String> columns,
      Map<String, String> lists) {
    public ListMapping {
      columns = columns == null ? Map.of() : Map.copyOf(columns);
      lists = lists == null ? Map.of() : Map.copyOf(lists);
    }
  }

  /**
   * A moment.
   *
   * @param column where it is
   * @param format {@code seconds} or {@code milliseconds} since 1970, {@code iso} (ISO 8601), or a
   *     pattern of Java's DateTimeFormatter; none: seconds or ISO 8601
   * @param zone for patterns without one; none: UTC
   */
  public record Moment(String column, String format, String zone) {}

  /**
   * What is a click.
   *
   * @param column where it is told
   * @param anyOf the texts that are clicks
   * @param atLeast the least number that is a click
   */
  public record Label(
      String column,
      @JsonProperty("equals") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
          List<String> anyOf,
      @JsonProperty("at_least") Double atLeast) {}

  /**
   * Reads and checks a mapping.
   *
   * @throws DicmException {@link ErrorCode#INPUT_INVALID} naming the file and what is wrong in it
   */
  public static CsvMapping read(Configuration conf, Path file) {
    CsvMapping mapping = new JsonFiles(conf).read(file, CsvMapping.class, ErrorCode.INPUT_INVALID);
    new CsvMappingRules(file.toString()).check(mapping);
    return mapping;
  }

  /** The character between fields. */
  char separatorCharacter() {
    return separator == null ? ',' : separator.charAt(0);
  }
}
