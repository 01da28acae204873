/**
 * What a training worker needs to talk to the Advanced Model Servers: one connection to all of
 * them.
 */
package io.dicm.ams.client;
