package io.dicm.trainer.train;

import io.dicm.common.json.JsonFiles;
import io.dicm.common.tensor.SafeTensors;
import io.dicm.trainer.model.ModelDescription;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Writes the workers' part of a model directory: dense parameters, description and training curve.
 * The servers write embeddings, image codes and the sub-model beside it; one worker writes this,
 * once all workers have left.
 */
public final class ModelWriter {
  /** The dense parameters' file. */
  public static final String DENSE_FILE = "dense.safetensors";

  /** The training curve's file. */
  public static final String CURVE_FILE = "training_curve.json";

  private final Configuration conf;
  private final Path directory;

  /**
   * @param directory the model's staging directory, which exists
   */
  public ModelWriter(Configuration conf, Path directory) {
    this.conf = conf;
    this.directory = directory;
  }

  /**
   * Writes all three files.
   *
   * @param dense the final parameters, flat, as {@code AmsClient.dense} gives them
   */
  public void write(ModelDescription description, float[] dense, TrainingCurve curve)
      throws IOException {
    new SafeTensors(conf)
        .write(new Path(directory, DENSE_FILE), description.denseLayout().split(dense));
    new JsonFiles(conf).write(new Path(directory, CURVE_FILE), curve);
    description.write(conf, directory);
  }
}
