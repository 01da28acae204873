/** What a pipeline is: its stages, its settings and the file that describes it. */
package io.dicm.app.pipeline;
