/** Settings of the native libraries that servers and workers compute with. */
package io.dicm.ams.compute;
