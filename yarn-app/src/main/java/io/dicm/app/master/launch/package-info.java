/** Starting and stopping containers on their nodes. */
package io.dicm.app.master.launch;
