/** The Oozie server of a sandbox, in a process of its own. */
package io.dicm.sandbox.oozie;
