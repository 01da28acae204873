/** Checking, submitting, following and ending applications from outside. */
package io.dicm.app.client;
