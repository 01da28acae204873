/** Where a pipeline's outputs lie below its workspace. */
package io.dicm.common.layout;
