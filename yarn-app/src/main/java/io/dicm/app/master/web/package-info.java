/** The run as pages, JSON and metrics: rendering, and the master's server that shows them. */
package io.dicm.app.master.web;
