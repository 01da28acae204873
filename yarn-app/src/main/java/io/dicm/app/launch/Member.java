package io.dicm.app.launch;

/**
 * One place in a gang of containers.
 *
 * @param role what it does
 * @param index from 0 within the role
 */
public record Member(Role role, int index) {
  @Override
  public String toString() {
    return role.label() + " " + index;
  }
}
