/** The names of all configuration keys, and typed access to their values. */
package io.dicm.common.config;
