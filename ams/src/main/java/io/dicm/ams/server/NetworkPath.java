package io.dicm.ams.server;

import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.memory.ReusedFloats;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.RowGatherer;
import io.dicm.ams.shard.ShardRows;
import io.dicm.ams.submodel.CodeNetwork;
import io.dicm.ams.submodel.CodePass;
import io.dicm.ams.table.MergedRows;
import io.dicm.common.error.DicmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;

/** One network of the sub-model and the memory that its steps use in turn. For one thread. */
final class NetworkPath implements AutoCloseable {
  private final CodeNetwork network;
  private final ShardRows rows;
  private final MemoryBudget budget;
  private final List<RowGatherer> gatherers = new ArrayList<>();
  private final Deque<RowGatherer> idle = new ArrayDeque<>();

  /** Of the requesters' gradients, in one step's way back after another's. */
  private final ReusedFloats sums = new ReusedFloats();

  /**
   * Takes none of them over.
   *
   * @param budget what the memory of open steps is taken of
   */
  NetworkPath(CodeNetwork network, ShardRows rows, MemoryBudget budget) {
    this.budget = budget;
    this.network = network;
    this.rows = rows;
  }

  /**
   * Collects the vectors of the images asked for, by however many requesters, each once. Nothing of
   * the network is read: its parameters may still change.
   *
   * @param rows of the shard, by requester
   * @return vectors that a GPU may still be collecting
   * @throws DicmException {@code MEMORY_PLAN_TOO_LARGE} when the budget has no room for one more
   *     step; nothing is kept then
   */
  CollectedRows collect(MergedRows rows) {
    int[] unique = rows.uniqueRows();
    if (unique.length == 0) {
      return CollectedRows.ofNothing(rows);
    }
    long passBytes = network.passBytes(unique.length);
    budget.take(passBytes);
    try {
      RowGatherer gatherer = take();
      Runnable release =
          () -> {
            budget.giveBack(passBytes);
            idle.push(gatherer);
          };
      return collected(rows, gatherer, release);
    } catch (RuntimeException | Error e) {
      budget.giveBack(passBytes);
      throw e;
    }
  }

  private CollectedRows collected(MergedRows rows, RowGatherer gatherer, Runnable release) {
    try (PointerScope scope = new PointerScope()) {
      return new CollectedRows(rows, gatherer.gather(rows.uniqueRows()).retainReference(), release);
    } catch (RuntimeException | Error e) {
      idle.push(gatherer);
      throw e;
    }
  }

  /**
   * Makes sure that the codes of these images can stay on the device.
   *
   * @throws IllegalStateException as {@link ImagePath#prepareOnDevice}
   */
  void requireForDevice(MergedRows rows) {
    int[] unique = rows.uniqueRows();
    if (unique.length == 0 || !rows.areOneRequesters()) {
      throw new IllegalStateException("The codes are not one worker's, each picture's once");
    }
    if (network.learnsMissingCode() && missingRow(unique) != CodePass.NO_ROW) {
      throw new IllegalStateException("The code of images without a vector is not on the device");
    }
  }

  /**
   * Lets collected images go through the network.
   *
   * @param collected by this; what is returned takes it over
   * @return a pass that a GPU may still be computing
   */
  NetworkPass forward(CollectedRows collected) {
    MergedRows rows = collected.rows();
    if (collected.isEmpty()) {
      return NetworkPass.ofNothing(rows, network.codeDimension());
    }
    return new NetworkPass(
        rows,
        network.codeDimension(),
        network.forward(collected.vectors(), missingRow(rows.uniqueRows())),
        sums,
        collected::close);
  }

  /** The place of the row that stands for images without a vector. */
  private static int missingRow(int[] rows) {
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == FeatureShard.MISSING_ROW) {
        return i;
      }
    }
    return CodePass.NO_ROW;
  }

  private RowGatherer take() {
    if (idle.isEmpty()) {
      RowGatherer made = rows.gatherer(budget);
      gatherers.add(made);
      return made;
    }
    return idle.pop();
  }

  /** After all passes. */
  @Override
  public void close() {
    gatherers.forEach(RowGatherer::close);
  }
}
