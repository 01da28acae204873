/** Reads the tables of an input directory, row by row, and says which rows are bad and where. */
package io.dicm.trainer.input;
