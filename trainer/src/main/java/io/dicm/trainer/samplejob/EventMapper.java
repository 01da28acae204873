package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.RejectedRows;
import io.dicm.trainer.input.TableRecord;
import io.dicm.trainer.input.TableRow;
import io.dicm.trainer.input.TableScan;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Mapper;

/** Joins the items to the rows of one log table and leaves out bad rows. */
abstract class EventMapper
    extends Mapper<NullWritable, TableRecord, UserEventKey, UserEventWritable> {
  private final InputTable table;
  private String name;
  private RejectsFile rejects;
  private CountedFields counted;
  private FeatureSchema schema;
  private ItemTable items;
  private DwellFilter dwell;
  private SegmentedEvents events;

  EventMapper(InputTable table) {
    this.table = table;
  }

  /** Emits the events of one row to {@link #events()}. */
  abstract void map(TableRow row, Context context)
      throws BadRowException, IOException, InterruptedException;

  @Override
  protected void setup(Context context) throws IOException {
    Configuration conf = context.getConfiguration();
    TaskInput input = new TaskInput(conf);
    schema = input.schema();
    name = input.tables().get(table).source().name();
    rejects = new RejectsFile(context, table);
    counted = new CountedFields(context, table, countedFields(input));
    items = loadItems(conf, input.tables().get(InputTable.ITEMS), context);
    SampleSettings settings = SampleSettings.of(conf);
    dwell = new DwellFilter(settings.minDwellSeconds());
    events = new SegmentedEvents(context::write, input.heavyUsers(), settings.maxBehaviors());
  }

  @Override
  protected final void map(NullWritable key, TableRecord row, Context context)
      throws IOException, InterruptedException {
    SampleCounters.countRows(context, name, 1);
    try {
      map(row.row(), context);
      counted.add(row.row());
    } catch (BadRowException bad) {
      rejects.reject(row.place(), bad);
    }
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    events.end();
    rejects.close();
    counted.write();
  }

  /** The features of which this table's rows tell how many values there are. */
  abstract List<FeatureField> countedFields(TaskInput input);

  FeatureSchema schema() {
    return schema;
  }

  ItemTable items() {
    return items;
  }

  DwellFilter dwell() {
    return dwell;
  }

  /** Whether a click counts as a behaviour; one that does not is counted by reason. */
  static boolean isBehavior(Optional<LeftOut> leftOut, Mapper<?, ?, ?, ?>.Context context) {
    leftOut.ifPresent(reason -> SampleCounters.countLeftOut(context, reason));
    return leftOut.isEmpty();
  }

  /** Takes the events. */
  SegmentedEvents events() {
    return events;
  }

  /** Every task loads the items; the first one alone counts their rows and reports the bad ones. */
  private ItemTable loadItems(Configuration conf, TableScan scan, Context context)
      throws IOException {
    if (context.getTaskAttemptID().getTaskID().getId() != 0) {
      return ItemTable.load(conf, scan, schema, RejectedRows.IGNORE, row -> {});
    }
    CountedFields fields = new CountedFields(context, InputTable.ITEMS, schema.itemFields());
    try (RejectsFile itemRejects = new RejectsFile(context, InputTable.ITEMS)) {
      ItemTable loaded = ItemTable.load(conf, scan, schema, itemRejects, fields::add);
      SampleCounters.countRows(context, scan.source().name(), loaded.rows());
      fields.write();
      return loaded;
    }
  }
}
