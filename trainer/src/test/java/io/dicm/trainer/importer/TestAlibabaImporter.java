package io.dicm.trainer.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestAlibabaImporter {
  private final Configuration conf = new Configuration(false);

  @TempDir private java.nio.file.Path directory;
  private java.nio.file.Path target;

  @BeforeEach
  void setUp() throws IOException {
    conf.addResource("dicm-default.xml");
    target = directory.resolve("target");
    write(
        "raw_sample.csv",
        """
        user,time_stamp,adgroup_id,pid,nonclk,clk
        581738,1494137644,1,430548_1007,1,0
        449818,1494638778,3,430548_1007,0,1
        """);
    write(
        "ad_feature.csv",
        """
        adgroup_id,cate_id,campaign_id,customer,brand,price
        1,6406,83237,1,95471,170.0
        3,6406,83237,1,NULL,NULL
        """);
    // The published file's header ends with a blank.
    write(
        "user_profile.csv",
        "userid,cms_segid,cms_group_id,final_gender_code,age_level,pvalue_level,shopping_level,"
            + "occupation,new_user_class_level \n"
            + "581738,0,5,2,5,,3,0,3\n");
  }

  @Test
  void turnsTheThreeTablesIntoTheInputLayout() throws Exception {
    ImportSummary summary = run();

    assertThat(summary).isEqualTo(new ImportSummary(2, 0, 2, 2, 1));
    assertThat(target.resolve("impressions.csv"))
        .hasContent(
            """
            user_id,item_id,ts,label,pid
            581738,1,1494137644,0,430548_1007
            449818,3,1494638778,1,430548_1007
            """);
    assertThat(target.resolve("items.csv"))
        .hasContent(
            """
            item_id,image_id,category,campaign_id,customer,brand,price
            1,,6406,83237,1,95471,170.0
            3,,6406,83237,1,,
            """);
    assertThat(target.resolve("users.csv")).content().endsWith("\n581738,0,5,2,5,,3,0,3\n");
    assertThat(FeatureSchema.read(conf, new Path(target.resolve("features.json").toUri())).fields())
        .extracting(FeatureField::name)
        .contains("user_id", "occupation", "item_id", "category", "brand", "price", "pid");
  }

  @Test
  void namesTheLineWhereClickAndNoClickDisagree() throws IOException {
    write("raw_sample.csv", "user,time_stamp,adgroup_id,pid,nonclk,clk\n1,1494137644,1,p,1,1\n");

    refuses("raw_sample.csv line 2: nonclk and clk were '1' and '1', one is 1 and the other 0");
  }

  @Test
  void namesWhatIsNotThere() throws IOException {
    write("ad_feature.csv", "adgroup_id,cate_id,campaign_id,customer,brand\n");
    refuses("ad_feature.csv: it has no column price");
    Files.delete(directory.resolve("user_profile.csv"));
    write("ad_feature.csv", "adgroup_id,cate_id,campaign_id,customer,brand,price\n");
    assertThatThrownBy(this::run)
        .hasMessageContaining("user_profile.csv: there is no such file")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
  }

  private void refuses(String message) {
    assertThatThrownBy(this::run)
        .hasMessageContaining(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_INVALID);
    assertThat(target).doesNotExist();
  }

  private ImportSummary run() throws IOException {
    return new AlibabaImporter(conf)
        .run(
            new Path(directory.toUri()),
            new ImportTarget(new Path(target.toUri()), false),
            ProgressListener.NONE);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }
}
