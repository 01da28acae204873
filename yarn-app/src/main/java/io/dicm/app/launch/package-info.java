/** How a container's process is started: memory, Java command, environment, files. */
package io.dicm.app.launch;
