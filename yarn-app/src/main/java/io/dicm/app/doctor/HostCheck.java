package io.dicm.app.doctor;

import java.util.List;

/** Java and the C library of this host, where the client runs. */
record HostCheck() implements Check {
  @Override
  public String what() {
    return "this host";
  }

  @Override
  public List<Finding> look() {
    HostFacts facts = HostFacts.ofThisHost();
    List<String> wrong = facts.shortcomings();
    return List.of(
        wrong.isEmpty()
            ? Finding.ok(what(), facts.words())
            : Finding.warning(
                what(),
                facts.words(),
                "The client works; a node like this would not: " + String.join(", ", wrong) + "."));
  }
}
