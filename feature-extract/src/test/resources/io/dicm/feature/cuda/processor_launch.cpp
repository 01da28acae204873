// ProcessorLaunch.call: the native method's name is the class's, and jlong, jint are these.

#define EXPORTED extern "C" __attribute__((visibility("default")))

typedef int (*Function)(int, int, int, int, const long long*, int);

EXPORTED int Java_io_dicm_feature_cuda_ProcessorLaunch_call(void*, void*, long long function,
                                                            int kernel, int blocks, int x, int y,
                                                            long long slots, int count) {
  return reinterpret_cast<Function>(function)(kernel, blocks, x, y,
                                              reinterpret_cast<const long long*>(slots), count);
}
