/** Records as JSON files on any Hadoop file system. */
package io.dicm.common.json;
