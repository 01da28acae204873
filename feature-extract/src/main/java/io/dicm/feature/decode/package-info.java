/** Picture files to the pixels that a network takes, or the reason why not. */
package io.dicm.feature.decode;
