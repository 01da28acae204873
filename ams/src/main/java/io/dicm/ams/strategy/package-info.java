/**
 * The two ways of holding image vectors that arXiv 1711.06505, table 2, compares the Advanced Model
 * Server with, over the same training code.
 */
package io.dicm.ams.strategy;
