/** Makes input directories: from nothing but numbers for the demo, and from public data. */
package io.dicm.trainer.importer;
