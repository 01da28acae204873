package io.dicm.app.container;

import java.io.IOException;

/** The work of one role, from the registration to the end. */
@FunctionalInterface
interface RoleProgram {
  /**
   * Works until the gang is done.
   *
   * @throws Orders.StoppedException when the master said stop before that
   */
  void run(RoleContext context) throws IOException, InterruptedException, Orders.StoppedException;
}
