/** What runs in the containers: one process a role, at the master's orders. */
package io.dicm.app.container;
