/** The feature store: its files, their manifest, and reading them by bucket. */
package io.dicm.feature.store;
