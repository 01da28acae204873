package io.dicm.app.cli;

import java.io.PrintStream;
import org.apache.hadoop.conf.Configuration;

/**
 * What a command works with.
 *
 * @param conf with DICM's defaults and the command line's generic options
 * @param out for data
 * @param err for everything else
 */
record CommandContext(Configuration conf, PrintStream out, PrintStream err) {}
