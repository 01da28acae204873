package io.dicm.app.cli;

import io.dicm.trainer.importer.AlibabaImporter;
import java.io.IOException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Alibaba's display-ad click logs. */
final class AlibabaImport implements ImportKind {
  @Override
  public String name() {
    return "alibaba";
  }

  @Override
  public String summary() {
    return "from Alibaba's display-ad click logs (no pictures)";
  }

  @Override
  public String format() {
    return """
        --from DIR has three CSV files; NULL is no value:
          raw_sample.csv    user,time_stamp,adgroup_id,pid,nonclk,clk
                            581738,1494137644,1,430548_1007,1,0
          ad_feature.csv    adgroup_id,cate_id,campaign_id,customer,brand,price
                            63133,6406,83237,1,95471,170.0
          user_profile.csv  userid,cms_segid,cms_group_id,final_gender_code,age_level,
                            pvalue_level,shopping_level,occupation,new_user_class_level
                            234,0,5,2,5,,3,0,3
        behavior_log.csv is not read: its rows name no item. Behaviours are the clicked ads.
        """;
  }

  @Override
  public void addOptions(Options options) {
    // Only the shared ones.
  }

  @Override
  public Work prepare(Configuration conf, CommandLine line) throws IOException, UsageException {
    Path from = ImportOptions.from(conf, line);
    return (target, progress) -> new AlibabaImporter(conf).run(from, target, progress);
  }
}
