package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.CsvRow;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.samplejob.UserEvent.Clicked;
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
    Clicked click = new Clicked(item.imageKey(), item.behaviorKeys());
    emit(context, userId, timestampSeconds, click, row.value("item_id"));
  }
}
