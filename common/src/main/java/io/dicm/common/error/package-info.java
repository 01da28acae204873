/** The one exception of this software, its codes, and the exit codes that they become. */
package io.dicm.common.error;
