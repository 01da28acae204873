/** The workers' dense parameters, a range of them on each server. */
package io.dicm.ams.dense;
