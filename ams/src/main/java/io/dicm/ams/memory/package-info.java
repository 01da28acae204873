/** Memory outside the Java heap that is counted, limited and freed at a known moment. */
package io.dicm.ams.memory;
