/** How a step travels: messages, arrays, keys, headers and failures. */
package io.dicm.ams.wire;
