package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.TableRow;
import io.dicm.trainer.schema.FeatureField;
import java.io.IOException;
import java.util.List;

/** Turns rows of behaviours into events. */
public final class BehaviorMapper extends EventMapper {
  /** For Hadoop. */
  public BehaviorMapper() {
    super(InputTable.BEHAVIORS);
  }

  @Override
  List<FeatureField> countedFields(TaskInput input) {
    return List.of();
  }

  @Override
  void map(TableRow row, Context context)
      throws BadRowException, IOException, InterruptedException {
    String userId = row.required("user_id");
    long timestampSeconds = row.timestampSeconds("ts");
    Item item = items().get(row.required("item_id"));
    if (isBehavior(dwell().leftOut(row), context)) {
      events().add(userId, timestampSeconds, item.click(), row.value("item_id"));
    }
  }
}
