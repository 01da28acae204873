/** What a run would take, by configuration, manifests or assumed counts; nothing is started. */
package io.dicm.app.plan;
