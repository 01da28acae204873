/** Publishing of whole directories by rename, and digests of files. */
package io.dicm.common.fs;
