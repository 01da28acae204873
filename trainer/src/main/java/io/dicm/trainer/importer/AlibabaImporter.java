package io.dicm.trainer.importer;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.CsvTable;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.RowProblem;
import io.dicm.trainer.input.TableRow;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import io.dicm.trainer.schema.NumberBuckets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Turns Alibaba's display-ad click logs into the input layout. The source is a directory with:
 *
 * <pre>
 * raw_sample.csv    user,time_stamp,adgroup_id,pid,nonclk,clk
 * ad_feature.csv    adgroup_id,cate_id,campaign_id,customer,brand,price
 * user_profile.csv  userid,cms_segid,cms_group_id,final_gender_code,age_level,pvalue_level,
 *                   shopping_level,occupation,new_user_class_level
 * </pre>
 *
 * <p>An item is an ad, a behaviour a clicked ad. {@code behavior_log.csv} is not read: its rows
 * name a category and a brand, but no item, and a behaviour here is of an item. The data has no
 * pictures, so image_ids are empty. All files are read as streams; names of the log's users and ads
 * are in memory, about 100 bytes each. NULL is no value.
 */
public final class AlibabaImporter {
  private static final String NULL = "NULL";
  private static final double PRICE_BASE = 2;
  private static final List<String> PROFILE =
      List.of(
          "cms_segid",
          "cms_group_id",
          "final_gender_code",
          "age_level",
          "pvalue_level",
          "shopping_level",
          "occupation",
          "new_user_class_level");
  private static final List<String> AD = List.of("campaign_id", "customer", "brand");

  private final Configuration conf;

  public AlibabaImporter(Configuration conf) {
    this.conf = conf;
  }

  /**
   * Imports and publishes.
   *
   * @param source the data's directory, local or not
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} or {@link ErrorCode#INPUT_INVALID} with
   *     file and line, {@link ErrorCode#OUTPUT_EXISTS}
   */
  public ImportSummary run(Path source, ImportTarget target, ProgressListener progress)
      throws IOException {
    try (DirectoryPublisher publisher = target.open(conf)) {
      InputLayout layout = new InputLayout(publisher.staging());
      ImportTotals totals = new ImportTotals();
      writeImpressions(new Path(source, "raw_sample.csv"), layout.impressions(), totals);
      progress.progress(1, 3, "impressions");
      long ads = writeAds(new Path(source, "ad_feature.csv"), layout.items());
      progress.progress(2, 3, "items");
      writeUsers(new Path(source, "user_profile.csv"), layout.users());
      schema().write(conf, layout.features());
      new ImportCheck(conf).check(layout);
      publisher.publish();
      return totals.summary(ads, 0);
    }
  }

  private void writeImpressions(Path from, Path to, ImportTotals totals) throws IOException {
    try (CsvTable table = new CsvTable(conf, from);
        CsvOutput out = new CsvOutput(conf, to, "user_id", "item_id", "ts", "label", "pid")) {
      table.header().require(List.of("user", "time_stamp", "adgroup_id", "pid", "nonclk", "clk"));
      table.forEach(
          row -> {
            boolean click = isClick(row);
            String user = row.required("user");
            String ad = row.required("adgroup_id");
            totals.add(user, ad, click);
            out.row(
                user,
                ad,
                Long.toString(row.timestampSeconds("time_stamp")),
                click ? "1" : "0",
                value(row, "pid"));
          },
          new StrictRows(from));
    }
  }

  private long writeAds(Path from, Path to) throws IOException {
    List<String> header = new ArrayList<>(List.of("item_id", "image_id", "category"));
    header.addAll(AD);
    header.add("price");
    try (CsvTable table = new CsvTable(conf, from);
        CsvOutput out = new CsvOutput(conf, to, header.toArray(String[]::new))) {
      List<String> needed = new ArrayList<>(List.of("adgroup_id", "cate_id", "price"));
      needed.addAll(AD);
      table.header().require(needed);
      return table.forEach(
          row -> {
            List<String> values = new ArrayList<>(List.of(row.required("adgroup_id"), ""));
            values.add(value(row, "cate_id"));
            AD.forEach(column -> values.add(value(row, column)));
            values.add(price(row));
            out.row(values.toArray(String[]::new));
          },
          new StrictRows(from));
    }
  }

  private void writeUsers(Path from, Path to) throws IOException {
    List<String> header = new ArrayList<>(List.of("user_id"));
    header.addAll(PROFILE);
    try (CsvTable table = new CsvTable(conf, from);
        CsvOutput out = new CsvOutput(conf, to, header.toArray(String[]::new))) {
      List<String> needed = new ArrayList<>(List.of("userid"));
      needed.addAll(PROFILE);
      table.header().require(needed);
      table.forEach(
          row -> {
            List<String> values = new ArrayList<>(List.of(row.required("userid")));
            PROFILE.forEach(column -> values.add(value(row, column)));
            out.row(values.toArray(String[]::new));
          },
          new StrictRows(from));
    }
  }

  private static boolean isClick(TableRow row) throws BadRowException {
    String click = row.required("clk");
    String other = row.required("nonclk");
    boolean clicked = click.equals("1") && other.equals("0");
    if (!clicked && !(click.equals("0") && other.equals("1"))) {
      throw new BadRowException(
          RowProblem.BAD_LABEL,
          "nonclk and clk were '" + other + "' and '" + click + "', one is 1 and the other 0");
    }
    return clicked;
  }

  private static String price(TableRow row) throws BadRowException {
    String price = value(row, "price");
    return price.isEmpty() || row.number("price").isEmpty() ? "" : price;
  }

  private static String value(TableRow row, String column) {
    String value = row.value(column);
    return value.equals(NULL) ? "" : value;
  }

  private static FeatureSchema schema() {
    List<FeatureField> fields = new ArrayList<>();
    fields.add(new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false));
    for (String column : PROFILE) {
      fields.add(new FeatureField(column, FeatureSide.USER, FeatureKind.ID, false, false));
    }
    fields.add(new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true));
    fields.add(new FeatureField("category", FeatureSide.ITEM, FeatureKind.ID, true, true));
    for (String column : AD) {
      fields.add(new FeatureField(column, FeatureSide.ITEM, FeatureKind.ID, false, false));
    }
    fields.add(
        new FeatureField(
            "price",
            FeatureSide.ITEM,
            FeatureKind.NUMBER,
            false,
            false,
            Optional.of(new NumberBuckets.Log(PRICE_BASE)),
            0));
    fields.add(new FeatureField("pid", FeatureSide.CONTEXT, FeatureKind.ID, false, false));
    return FeatureSchema.of(fields, "Alibaba's click logs");
  }
}
