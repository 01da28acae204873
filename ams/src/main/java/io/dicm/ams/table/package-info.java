/** Hash tables and row numbers for 64-bit keys. */
package io.dicm.ams.table;
