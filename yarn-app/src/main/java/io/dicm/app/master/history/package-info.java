/** What the run did, for the client while it runs and for everybody afterwards. */
package io.dicm.app.master.history;
