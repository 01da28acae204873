/** What each part of the model is worth: trainings side by side, with their controls. */
package io.dicm.trainer.ablation;
