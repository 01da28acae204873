package io.dicm.trainer.input;

/** A row that cannot be used. Caught close by, where the row is counted and left out. */
public final class BadRowException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RowProblem problem;

  public BadRowException(RowProblem problem, String detail) {
    super(detail);
    this.problem = problem;
  }

  public RowProblem problem() {
    return problem;
  }
}
