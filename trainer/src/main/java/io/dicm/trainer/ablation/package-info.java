/** What pictures are worth: the runs of an ablation, and the tables made of their evaluations. */
package io.dicm.trainer.ablation;
