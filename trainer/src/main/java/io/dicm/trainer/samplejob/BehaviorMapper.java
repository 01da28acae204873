package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.CsvRow;
import io.dicm.trainer.input.InputLayout;
import java.io.IOException;

/** Turns rows of behaviors.csv into events. */
public final class BehaviorMapper extends EventMapper {
  /** For Hadoop. */
  public BehaviorMapper() {
    super(InputLayout.BEHAVIORS);
  }

  @Override
  void map(CsvRow row, Context context) throws BadRowException, IOException, InterruptedException {
    String userId = row.required("user_id");
    long timestampSeconds = row.timestampSeconds("ts");
    Item item = item(row);
    if (isBehavior(row, context)) {
      emit(context, userId, timestampSeconds, item.click(), row.value("item_id"));
    }
  }
}
