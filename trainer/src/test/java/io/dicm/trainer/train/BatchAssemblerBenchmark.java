package io.dicm.trainer.train;

import io.dicm.trainer.sample.Sample;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One batch of samples with 30 behaviours each: de-duplicating keys and laying lists end to end.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class BatchAssemblerBenchmark {
  private static final int ITEMS = 3569;
  private static final int BEHAVIORS = 30;

  @Param({"1024", "8192"})
  private int impressions;

  private List<Sample> samples;
  private BatchAssembler assembler;

  @Setup
  public void makeSamples() {
    samples = new HistorySamples(ITEMS, BEHAVIORS).list(impressions);
    assembler = new BatchAssembler(HistorySamples.SHAPE);
  }

  @Benchmark
  public Batch assemble() {
    return assembler.assemble(samples);
  }
}
