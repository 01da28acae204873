/** What an attempt of the application master keeps for the next one, and how that goes on. */
package io.dicm.app.master.recovery;
