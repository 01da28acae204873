/**
 * What each part of the model is worth: trainings side by side with their controls, and the tables
 * made of their evaluations.
 */
package io.dicm.trainer.ablation;
