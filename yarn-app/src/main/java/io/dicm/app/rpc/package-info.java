/** The contract between containers and their application master, and the secret on its calls. */
package io.dicm.app.rpc;
