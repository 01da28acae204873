package io.dicm.ams.client;

/**
 * An answer under way. For one thread.
 *
 * @param <A> what it is
 */
@FunctionalInterface
public interface Answer<A> {
  /** Waits for the answer; again gives the same. Fails as {@link AmsClient} says. */
  A await();
}
