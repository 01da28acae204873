/** What values the features of an input have: counts in bounded memory that can be merged. */
package io.dicm.trainer.vocabulary;
