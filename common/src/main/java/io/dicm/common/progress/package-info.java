/** How long-running work tells how far it is. */
package io.dicm.common.progress;
