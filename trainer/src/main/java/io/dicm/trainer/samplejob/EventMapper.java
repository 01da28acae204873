package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.CsvLineParser;
import io.dicm.trainer.input.CsvRow;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.RejectedRows;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Mapper;

/**
 * Parses the lines of one log table, joins the items to them and leaves out bad rows. A row of
 * these tables is one line: quoted line breaks are not allowed, so that files can be split.
 */
abstract class EventMapper extends Mapper<LongWritable, Text, UserEventKey, UserEventWritable> {
  private final String table;
  private CsvLineParser parser;
  private RejectsFile rejects;
  private FeatureSchema schema;
  private ItemTable items;
  private DwellFilter dwell;

  /**
   * @param table the file's name, for the places of bad rows
   */
  EventMapper(String table) {
    this.table = table;
  }

  /** Emits the events of one row. */
  abstract void map(CsvRow row, Context context)
      throws BadRowException, IOException, InterruptedException;

  @Override
  protected void setup(Context context) throws IOException {
    Configuration conf = context.getConfiguration();
    TaskInput input = new TaskInput(conf);
    schema = input.schema();
    rejects = new RejectsFile(context, table);
    items = loadItems(conf, input.layout(), context);
    dwell = new DwellFilter(SampleSettings.of(conf).minDwellSeconds());
    parser = new CsvLineParser(input.header(table));
  }

  @Override
  protected final void map(LongWritable offset, Text line, Context context)
      throws IOException, InterruptedException {
    boolean header = offset.get() == 0;
    if (header || line.getLength() == 0) {
      return;
    }
    SampleCounters.countRows(context, table, 1);
    try {
      map(parser.parse(line.toString()), context);
    } catch (BadRowException bad) {
      rejects.reject(table + " byte " + offset.get(), bad);
    }
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    rejects.close();
  }

  FeatureSchema schema() {
    return schema;
  }

  /** The item of a row; an item_id that is empty or unknown makes the row a bad one. */
  Item item(CsvRow row) throws BadRowException {
    return items.get(row.required("item_id"));
  }

  /** Whether the click of a row counts as a behaviour; one that does not is counted by reason. */
  boolean isBehavior(CsvRow row, Context context) throws BadRowException {
    Optional<LeftOut> leftOut = dwell.leftOut(row);
    leftOut.ifPresent(reason -> SampleCounters.countLeftOut(context, reason));
    return leftOut.isEmpty();
  }

  static void emit(
      Context context, String userId, long timestampSeconds, UserEvent event, String tie)
      throws IOException, InterruptedException {
    context.write(
        new UserEventKey(userId, timestampSeconds, event, tie), new UserEventWritable(event));
  }

  /** Every task loads the items; the first one alone counts their rows and reports the bad ones. */
  private ItemTable loadItems(Configuration conf, InputLayout input, Context context)
      throws IOException {
    if (context.getTaskAttemptID().getTaskID().getId() != 0) {
      return ItemTable.load(conf, input.items(), schema, RejectedRows.IGNORE);
    }
    try (RejectsFile itemRejects = new RejectsFile(context, InputLayout.ITEMS)) {
      ItemTable loaded = ItemTable.load(conf, input.items(), schema, itemRejects);
      SampleCounters.countRows(context, InputLayout.ITEMS, loaded.rows());
      return loaded;
    }
  }
}
