/** The trainable networks that compress image vectors to codes. */
package io.dicm.ams.submodel;
