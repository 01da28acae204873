/** How an application is asked to end before it is done, and how a training answers. */
package io.dicm.app.master.stop;
