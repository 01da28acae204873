/** Talking to YARN's resource manager: registering, asking for containers, gangs. */
package io.dicm.app.master.rm;
