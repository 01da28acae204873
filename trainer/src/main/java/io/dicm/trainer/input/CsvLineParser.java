package io.dicm.trainer.input;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;

/**
 * Parses tables whose rows are one line each, as MapReduce splits them: quoted fields may hold
 * commas and quotes, not line breaks. For one thread.
 */
public final class CsvLineParser {
  private final TableColumns header;
  private final CsvReader.CsvReaderBuilder reader =
      CsvReader.builder().allowExtraFields(true).allowMissingFields(true);

  public CsvLineParser(TableColumns header) {
    this.header = header;
  }

  /**
   * @throws BadRowException {@link RowProblem#BAD_QUOTING} or {@link RowProblem#WRONG_FIELD_COUNT}
   */
  public CsvRow parse(String line) throws BadRowException {
    return new CsvRow(header, record(line).getFields());
  }

  private CsvRecord record(String line) throws BadRowException {
    try {
      return reader.ofSingleCsvRecord(line);
    } catch (CsvParseException e) {
      BadRowException bad = new BadRowException(RowProblem.BAD_QUOTING, "not a row of CSV");
      bad.initCause(e);
      throw bad;
    }
  }
}
