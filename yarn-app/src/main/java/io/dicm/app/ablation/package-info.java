/** Runs an ablation's plan as YARN applications that can be gone on with. */
package io.dicm.app.ablation;
