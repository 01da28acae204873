// What follows a convolution that has no biases of its own, in one pass over the memory:
//   bias_relu_*:      values[i] = relu(values[i] + bias[channel])
//   bias_relu_pool_*: to = relu(the greatest of 2 x 2 values + bias[channel])
// Biases and ReLU leave the order of values as it is, also where a sum is rounded, so after the
// pooling they give what they give before it. NaN stays NaN.
//
// Values lie with channels last, [picture, row, column, channel]. Each access of a thread is 16
// bytes, a pack of neighbouring channels. A thread's packs are a multiple of the channels apart, so
// that it needs the biases of one pack only: a block's threads are a multiple of a pixel's packs.
//
// value_types.cu is before it.

// Neighbouring channels, read and written at once.
template <typename Type>
struct alignas(16) Pack {
  static const int COUNT = 16 / sizeof(typename Type::Bits);
  typename Type::Bits bits[COUNT];
};

// A pack of biases as floats.
template <typename Type>
struct Biases {
  float values[Pack<Type>::COUNT];

  __device__ __forceinline__ explicit Biases(const Pack<Type>& pack) {
#pragma unroll
    for (int i = 0; i < Pack<Type>::COUNT; i++) {
      values[i] = Type::value(pack.bits[i]);
    }
  }

  // Comparisons with NaN are false, so it stays.
  __device__ __forceinline__ typename Type::Bits relu(float value, int i) const {
    const float sum = value + values[i];
    return Type::bits(sum < 0.0f ? 0.0f : sum);
  }
};

static __device__ __forceinline__ float greater(float a, float b) {
  return a > b || a != a ? a : b;
}

template <typename Type>
static __device__ __forceinline__ void bias_relu(Pack<Type>* values, const Pack<Type>* bias,
                                                 long long packs, int channel_packs) {
  const int AHEAD = 4;  // reads under way before the first of them is written
  const Biases<Type> biases(bias[threadIdx.x % channel_packs]);
  const long long step = static_cast<long long>(gridDim.x) * blockDim.x;
  for (long long first = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
       first < packs; first += AHEAD * step) {
    Pack<Type> read[AHEAD];
#pragma unroll
    for (int ahead = 0; ahead < AHEAD; ahead++) {
      const long long at = first + ahead * step;
      if (at < packs) {
        read[ahead] = values[at];
      }
    }
#pragma unroll
    for (int ahead = 0; ahead < AHEAD; ahead++) {
      const long long at = first + ahead * step;
      if (at < packs) {
        Pack<Type> written;
#pragma unroll
        for (int i = 0; i < Pack<Type>::COUNT; i++) {
          written.bits[i] = biases.relu(Type::value(read[ahead].bits[i]), i);
        }
        values[at] = written;
      }
    }
  }
}

// rows and columns are those of the result, the pictures' rows one below the other.
template <typename Type>
static __device__ __forceinline__ void bias_relu_pool(const Pack<Type>* __restrict__ from,
                                                      const Pack<Type>* __restrict__ bias,
                                                      Pack<Type>* __restrict__ to, int rows,
                                                      int columns, int channel_packs) {
  const int AHEAD = 2;  // results whose reads are under way before the first of them is written
  const int channel = threadIdx.x % channel_packs;
  const Biases<Type> biases(bias[channel]);
  const long long pixels = static_cast<long long>(rows) * columns;
  const int pixels_of_block = blockDim.x / channel_packs;
  const long long step = static_cast<long long>(gridDim.x) * pixels_of_block;
  const long long right = channel_packs;
  const long long below = 2LL * columns * channel_packs;
  for (long long first = static_cast<long long>(blockIdx.x) * pixels_of_block +
                         threadIdx.x / channel_packs;
       first < pixels; first += AHEAD * step) {
    Pack<Type> read[AHEAD][4];
#pragma unroll
    for (int ahead = 0; ahead < AHEAD; ahead++) {
      const long long at = first + ahead * step;
      if (at < pixels) {
        // Fewer than 2^31, as the caller sees to: division of 32 bits is the faster one.
        const unsigned int row = static_cast<unsigned int>(at) / static_cast<unsigned int>(columns);
        const unsigned int column = static_cast<unsigned int>(at) - row * columns;
        const Pack<Type>* corner = from + row * 2 * below + column * 2 * right + channel;
        read[ahead][0] = corner[0];
        read[ahead][1] = corner[right];
        read[ahead][2] = corner[below];
        read[ahead][3] = corner[below + right];
      }
    }
#pragma unroll
    for (int ahead = 0; ahead < AHEAD; ahead++) {
      const long long at = first + ahead * step;
      if (at < pixels) {
        Pack<Type> written;
#pragma unroll
        for (int i = 0; i < Pack<Type>::COUNT; i++) {
          const float above =
              greater(Type::value(read[ahead][0].bits[i]), Type::value(read[ahead][1].bits[i]));
          const float under =
              greater(Type::value(read[ahead][2].bits[i]), Type::value(read[ahead][3].bits[i]));
          written.bits[i] = biases.relu(greater(above, under), i);
        }
        to[at * channel_packs + channel] = written;
      }
    }
  }
}

#define BIAS_RELU(NAME, TYPE)                                                                  \
  extern "C" __global__ void __launch_bounds__(256)                                            \
      bias_relu_##NAME(Pack<TYPE>* values, const Pack<TYPE>* bias, long long packs,            \
                       int channel_packs) {                                                    \
    bias_relu<TYPE>(values, bias, packs, channel_packs);                                       \
  }                                                                                            \
  extern "C" __global__ void __launch_bounds__(256)                                            \
      bias_relu_pool_##NAME(const Pack<TYPE>* from, const Pack<TYPE>* bias, Pack<TYPE>* to,    \
                            int rows, int columns, int channel_packs) {                        \
    bias_relu_pool<TYPE>(from, bias, to, rows, columns, channel_packs);                        \
  }

BIAS_RELU(float, Float)
BIAS_RELU(half, Half)
BIAS_RELU(bfloat16, Bfloat16)
