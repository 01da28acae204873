package io.dicm.feature.bench;

import io.dicm.common.config.DicmKeys;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.DeviceChoice;
import io.dicm.feature.encode.Vgg16Encoder;
import io.dicm.feature.encode.Vgg16EncoderProvider;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** Encoders as an extraction opens them, with the weights that its configuration names. */
public final class ConfiguredVgg16Encoders implements Vgg16Encoders {
  private final Configuration conf;
  private final ComputeDevice device;
  private final int threads;

  /**
   * @param conf says the weights, as for an extraction: random ones if nothing else
   * @param threads of the processor
   */
  public ConfiguredVgg16Encoders(Configuration conf, ComputeDevice device, int threads) {
    this.conf = conf;
    this.device = device;
    this.threads = threads;
  }

  @Override
  public Vgg16Encoder open(String precision) throws IOException {
    Configuration settings = new Configuration(conf);
    DeviceChoice choice = device.isProcessor() ? DeviceChoice.CPU : DeviceChoice.CUDA;
    settings.set(DicmKeys.EXTRACT_DEVICE, choice.label());
    settings.setInt(DicmKeys.EXTRACT_GPUS, device.isProcessor() ? 0 : 1);
    settings.set(DicmKeys.EXTRACT_PRECISION, precision);
    settings.setInt(DicmKeys.EXTRACT_THREADS, threads);
    Vgg16EncoderProvider provider = new Vgg16EncoderProvider();
    return provider.open(settings, provider.describe(settings));
  }
}
