package io.dicm.app.master.rm;

import io.dicm.app.launch.Member;
import io.dicm.app.launch.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The places of a gang, filled as containers come; the gang starts when no place is empty. Not safe
 * for use by many threads.
 *
 * @param <C> a container
 */
public final class Gang<C> {
  private final List<RoleRequest> requests;
  private final Map<Member, C> places = new LinkedHashMap<>();

  public Gang(List<RoleRequest> requests) {
    this.requests = List.copyOf(requests);
    for (RoleRequest request : requests) {
      for (int index = 0; index < request.count(); index++) {
        places.put(new Member(request.role(), index), null);
      }
    }
  }

  /** Gives a container the first empty place of a role; none is left when the result is empty. */
  public Optional<Member> place(Role role, C container) {
    for (Map.Entry<Member, C> place : places.entrySet()) {
      if (place.getKey().role() == role && place.getValue() == null) {
        place.setValue(container);
        return Optional.of(place.getKey());
      }
    }
    return Optional.empty();
  }

  /** Empties the place of a container; what the place is asked for, if the container had one. */
  public Optional<RoleRequest> vacate(Predicate<C> which) {
    for (Map.Entry<Member, C> place : places.entrySet()) {
      if (place.getValue() != null && which.test(place.getValue())) {
        place.setValue(null);
        return requests.stream()
            .filter(request -> request.role() == place.getKey().role())
            .findFirst();
      }
    }
    return Optional.empty();
  }

  /** Whether every place is filled. */
  public boolean isComplete() {
    return places.values().stream().allMatch(container -> container != null);
  }

  /** Filled places. */
  public int size() {
    return held().size();
  }

  /** All places. */
  public int places() {
    return places.size();
  }

  /** The containers that have places. */
  public List<C> held() {
    List<C> held = new ArrayList<>();
    places.forEach(
        (member, container) -> {
          if (container != null) {
            held.add(container);
          }
        });
    return held;
  }

  /** Containers by member; those of empty places are left out. */
  public Map<Member, C> members() {
    Map<Member, C> members = new LinkedHashMap<>(places);
    members.values().removeIf(container -> container == null);
    return members;
  }

  /** What was asked for, in words. */
  public String asked() {
    return String.join(", ", requests.stream().map(RoleRequest::toString).toList());
  }
}
