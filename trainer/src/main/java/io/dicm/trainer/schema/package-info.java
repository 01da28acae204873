/** Which columns are features: {@code features.json}. */
package io.dicm.trainer.schema;
