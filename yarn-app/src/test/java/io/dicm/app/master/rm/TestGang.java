package io.dicm.app.master.rm;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.launch.Member;
import io.dicm.app.launch.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestGang {
  private final Gang<String> gang =
      new Gang<>(
          List.of(
              new RoleRequest(Role.SERVER, 2, ContainerMemory.of("server", 1024, 0.4), 1, 0),
              new RoleRequest(Role.WORKER, 1, ContainerMemory.of("worker", 2048, 0.4), 2, 0)));

  @Test
  void fillsPlacesOfTheRole() {
    assertThat(gang.place(Role.WORKER, "c1")).contains(new Member(Role.WORKER, 0));
    assertThat(gang.place(Role.SERVER, "c2")).contains(new Member(Role.SERVER, 0));
    assertThat(gang.isComplete()).isFalse();
    assertThat(gang.place(Role.SERVER, "c3")).contains(new Member(Role.SERVER, 1));

    assertThat(gang.isComplete()).isTrue();
    assertThat(gang.members())
        .containsEntry(new Member(Role.SERVER, 1), "c3")
        .containsEntry(new Member(Role.WORKER, 0), "c1")
        .hasSize(3);
  }

  @Test
  void hasNoPlaceForMore() {
    gang.place(Role.WORKER, "c1");

    assertThat(gang.place(Role.WORKER, "c2")).isEmpty();
    assertThat(gang.place(Role.PREDICTOR, "c3")).isEmpty();
    assertThat(gang.held()).containsExactly("c1");
    assertThat(gang.size()).isEqualTo(1);
    assertThat(gang.places()).isEqualTo(3);
  }

  @Test
  void placeOfAContainerThatEndedIsFilledAgain() {
    gang.place(Role.SERVER, "c1");
    gang.place(Role.SERVER, "c2");
    gang.place(Role.WORKER, "c3");

    assertThat(gang.vacate("c1"::equals)).map(RoleRequest::role).contains(Role.SERVER);

    assertThat(gang.isComplete()).isFalse();
    assertThat(gang.held()).containsExactly("c2", "c3");
    assertThat(gang.place(Role.SERVER, "c4")).contains(new Member(Role.SERVER, 0));
    assertThat(gang.isComplete()).isTrue();
  }

  @Test
  void strangersEndEmptiesNoPlace() {
    gang.place(Role.WORKER, "c1");

    assertThat(gang.vacate("c9"::equals)).isEmpty();
    assertThat(gang.size()).isEqualTo(1);
  }

  @Test
  void saysWhatItAsksFor() {
    assertThat(gang.asked())
        .isEqualTo("2 servers of 1024 MiB and 1 vcores, 1 worker of 2048 MiB and 2 vcores");
  }
}
