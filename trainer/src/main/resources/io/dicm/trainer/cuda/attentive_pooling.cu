// One channel of attentive pooling over ragged behaviours, forward and backward (arXiv 1711.06505,
// section 4.2). A pair is a behaviour and the impression that asks about it:
//
//   h = PReLU(of_codes[behaviour] + of_queries[impression])       64
//   g = PReLU(W1 h + b1)                                           16
//   weight = w2 g + b2
//   output[impression] = sum over its pairs of weight * codes[behaviour]
//
// A warp goes through the pairs of one impression, or of one behaviour, two at a time. A lane owns
// two of the 64 units of h (2 lane and 2 lane + 1), and their columns of W1 in registers. Of g it
// owns one unit of one of the two pairs: lanes 0..15 are the first pair's, 16..31 the second's.
// Going back, the pairs' hidden values are computed again instead of read: they would be 64 floats
// a pair each way.
//
// Sums have one order, whatever the timing: within a pair by lanes, over pairs as they are listed,
// over warps and blocks by number. Nothing is added atomically.
//
// CODE_WIDTH, the width of codes, is defined before this text.

namespace {

const int LANES = 32;
const int HALF_LANES = LANES / 2;
const int FIRST = 2 * LANES;
const int SECOND = HALF_LANES;
const int WARPS = 4;
const unsigned int ALL = 0xffffffffu;

// Columns of codes that a lane owns: every 16th.
const int COLUMNS = (CODE_WIDTH + HALF_LANES - 1) / HALF_LANES;

// Where each gradient of a parameter lies among all.
const int OF_W1 = 0;
const int OF_B1 = OF_W1 + SECOND * FIRST;
const int OF_W2 = OF_B1 + SECOND;
const int OF_B2 = OF_W2 + SECOND;
const int OF_FIRST_SLOPE = OF_B2 + 1;
const int OF_SECOND_SLOPE = OF_FIRST_SLOPE + 1;
const int PARAMETERS = OF_SECOND_SLOPE + 1;

__device__ __forceinline__ int lane() { return static_cast<int>(threadIdx.x) % LANES; }

__device__ __forceinline__ int warp() { return static_cast<int>(threadIdx.x) / LANES; }

__device__ __forceinline__ float prelu(float x, float slope) { return x > 0 ? x : slope * x; }

__device__ __forceinline__ float prelu_derivative(float x, float slope) {
  return x > 0 ? 1 : slope;
}

__device__ __forceinline__ float negative_part(float x) { return x > 0 ? 0 : x; }

// A lane's two units of a row of 64.
__device__ __forceinline__ float2 units(const float* table, long long row) {
  return reinterpret_cast<const float2*>(table + row * FIRST)[lane()];
}

// A lane's columns of a row of codes.
__device__ __forceinline__ void columns(const float* table, long long row, float* values) {
#pragma unroll
  for (int i = 0; i < COLUMNS; i++) {
    const int column = lane() % HALF_LANES + i * HALF_LANES;
    values[i] = column < CODE_WIDTH ? table[row * CODE_WIDTH + column] : 0;
  }
}

// The sum over the lane's half of the warp, on each of its lanes.
__device__ __forceinline__ float half_sum(float value) {
#pragma unroll
  for (int apart = HALF_LANES / 2; apart > 0; apart /= 2) {
    value += __shfl_xor_sync(ALL, value, apart);
  }
  return value;
}

__device__ __forceinline__ float warp_sum(float value) {
  value = half_sum(value);
  return value + __shfl_xor_sync(ALL, value, HALF_LANES);
}

// Sums over the lanes of 32 values at once: lane i gets the sum of values[i]. Half of them are
// given away in each round, so that all together take 31 exchanges. The rounds are templates since
// values must stay in registers: no index may be left to the run.
template <int COUNT>
struct SumOfOwn {
  static __device__ __forceinline__ float of(const float* values) {
    const bool upper = (lane() & COUNT) != 0;
    float kept[COUNT];
#pragma unroll
    for (int i = 0; i < COUNT; i++) {
      const float given = upper ? values[i] : values[i + COUNT];
      kept[i] = (upper ? values[i + COUNT] : values[i]) + __shfl_xor_sync(ALL, given, COUNT);
    }
    return SumOfOwn<COUNT / 2>::of(kept);
  }
};

template <>
struct SumOfOwn<0> {
  static __device__ __forceinline__ float of(const float* values) { return values[0]; }
};

// What a lane keeps of the parameters.
struct Layers {
  float2 w1[SECOND];  // the columns of the lane's units of h
  float b1;           // of the lane's unit of g
  float w2;
  float b2;
  float first_slope;
  float second_slope;

  __device__ __forceinline__ Layers(const float* all_w1, const float* all_b1, const float* all_w2,
                                    const float* the_b2, const float* the_first_slope,
                                    const float* the_second_slope) {
#pragma unroll
    for (int unit = 0; unit < SECOND; unit++) {
      // One by one: parameters may begin at any float.
      w1[unit] = make_float2(all_w1[unit * FIRST + 2 * lane()],
                             all_w1[unit * FIRST + 2 * lane() + 1]);
    }
    b1 = all_b1[lane() % HALF_LANES];
    w2 = all_w2[lane() % HALF_LANES];
    b2 = the_b2[0];
    first_slope = the_first_slope[0];
    second_slope = the_second_slope[0];
  }
};

// Two pairs up to the second layer.
struct Hidden {
  float2 x[2];  // the lane's units before the first PReLU, of both pairs
  float2 h[2];  // and after it
  float y;      // the lane's unit of its own pair before the second PReLU
  float g;      // and after it

  __device__ __forceinline__ Hidden(const Layers& layers, float2 own, float2 a, float2 b) {
    x[0] = make_float2(own.x + a.x, own.y + a.y);
    x[1] = make_float2(own.x + b.x, own.y + b.y);
    float sums[2 * SECOND];
#pragma unroll
    for (int pair = 0; pair < 2; pair++) {
      h[pair] = make_float2(prelu(x[pair].x, layers.first_slope),
                            prelu(x[pair].y, layers.first_slope));
#pragma unroll
      for (int unit = 0; unit < SECOND; unit++) {
        sums[pair * SECOND + unit] =
            layers.w1[unit].x * h[pair].x + layers.w1[unit].y * h[pair].y;
      }
    }
    y = SumOfOwn<HALF_LANES>::of(sums) + layers.b1;
    g = prelu(y, layers.second_slope);
  }

  // The weight of the lane's pair.
  __device__ __forceinline__ float weight(const Layers& layers) const {
    return half_sum(layers.w2 * g) + layers.b2;
  }
};

// Gradients of a pair of units of h, for two pairs, from those of the second layer before its PReLU.
__device__ __forceinline__ void through_second(const Layers& layers, const float* of_y,
                                               float2* of_h) {
#pragma unroll
  for (int pair = 0; pair < 2; pair++) {
    of_h[pair] = make_float2(0, 0);
#pragma unroll
    for (int unit = 0; unit < SECOND; unit++) {
      const float gradient = of_y[pair * SECOND + unit];
      of_h[pair].x += gradient * layers.w1[unit].x;
      of_h[pair].y += gradient * layers.w1[unit].y;
    }
  }
}

__device__ __forceinline__ float2 through_first(const Layers& layers, float2 of_h, float2 x) {
  return make_float2(of_h.x * prelu_derivative(x.x, layers.first_slope),
                     of_h.y * prelu_derivative(x.y, layers.first_slope));
}

// One value a lane, shown to the warp's other lanes.
__device__ __forceinline__ void show(float* shown, float value) {
  __syncwarp();  // what was shown before has been read
  shown[lane()] = value;
  __syncwarp();
}

}  // namespace

#define LAYERS                                                                              \
  const float *__restrict__ w1, const float *__restrict__ b1, const float *__restrict__ w2, \
      const float *__restrict__ b2, const float *__restrict__ first_slope,                  \
      const float *__restrict__ second_slope

// Outputs [impressions, CODE_WIDTH] and weights of pairs [pairs].
extern "C" __global__ void __launch_bounds__(WARPS* LANES)
    attention_forward(const float* __restrict__ of_codes, const float* __restrict__ of_queries,
                      const float* __restrict__ codes, const int* __restrict__ behaviors,
                      const int* __restrict__ offsets, int impressions, LAYERS,
                      float* __restrict__ weights, float* __restrict__ output) {
  const Layers layers(w1, b1, w2, b2, first_slope, second_slope);
  const int own_pair = lane() / HALF_LANES;
  for (int impression = blockIdx.x * WARPS + warp(); impression < impressions;
       impression += gridDim.x * WARPS) {
    const int end = offsets[impression + 1];
    const float2 query = units(of_queries, impression);
    float pooled[COLUMNS] = {};
    for (int pair = offsets[impression]; pair < end; pair += 2) {
      const bool second = pair + 1 < end;
      const int a = behaviors[pair];
      const int b = second ? behaviors[pair + 1] : a;
      const Hidden hidden(layers, query, units(of_codes, a), units(of_codes, b));
      const float weight = hidden.weight(layers);
      if (own_pair == 0 || second) {
        if (lane() % HALF_LANES == 0) {
          weights[pair + own_pair] = weight;
        }
        float code[COLUMNS];
        columns(codes, own_pair == 0 ? a : b, code);
#pragma unroll
        for (int i = 0; i < COLUMNS; i++) {
          pooled[i] += weight * code[i];
        }
      }
    }
#pragma unroll
    for (int i = 0; i < COLUMNS; i++) {
      const int column = lane() + i * HALF_LANES;
      const float sum = pooled[i] + __shfl_xor_sync(ALL, pooled[i], HALF_LANES);
      if (lane() < HALF_LANES && column < CODE_WIDTH) {
        output[static_cast<long long>(impression) * CODE_WIDTH + column] = sum;
      }
    }
  }
}

// What a block adds up of the parameters' gradients.
struct ParameterSums {
  float2 w1[SECOND];
  float b1;
  float w2;
  float b2;
  float first_slope;
  float second_slope;

  // Adds the lane's sums to the block's; warps take turns.
  __device__ __forceinline__ void add_to(float* block) {
    const int unit = lane() % HALF_LANES;
    b1 += __shfl_xor_sync(ALL, b1, HALF_LANES);
    w2 += __shfl_xor_sync(ALL, w2, HALF_LANES);
    b2 += __shfl_xor_sync(ALL, b2, HALF_LANES);
    first_slope = warp_sum(first_slope);
    second_slope = warp_sum(second_slope);
#pragma unroll
    for (int i = 0; i < SECOND; i++) {
      block[OF_W1 + i * FIRST + 2 * lane()] += w1[i].x;
      block[OF_W1 + i * FIRST + 2 * lane() + 1] += w1[i].y;
    }
    if (lane() < HALF_LANES) {
      block[OF_B1 + unit] += b1;
      block[OF_W2 + unit] += w2;
    }
    if (lane() == 0) {
      block[OF_B2] += b2;
      block[OF_FIRST_SLOPE] += first_slope;
      block[OF_SECOND_SLOPE] += second_slope;
    }
  }
};

// By impression: gradients of of_queries [impressions, 64], and of the parameters, a row a block
// [blocks, PARAMETERS].
extern "C" __global__ void __launch_bounds__(WARPS* LANES)
    attention_backward_of_queries(const float* __restrict__ of_codes,
                                  const float* __restrict__ of_queries,
                                  const float* __restrict__ codes,
                                  const int* __restrict__ behaviors,
                                  const int* __restrict__ offsets, int impressions, LAYERS,
                                  const float* __restrict__ of_output,
                                  float* __restrict__ gradient_of_queries,
                                  float* __restrict__ parameters_of_blocks) {
  __shared__ __align__(16) float shown[WARPS][LANES];
  __shared__ float block[PARAMETERS];
  const Layers layers(w1, b1, w2, b2, first_slope, second_slope);
  const int own_pair = lane() / HALF_LANES;
  ParameterSums sums = {};
  for (int impression = blockIdx.x * WARPS + warp(); impression < impressions;
       impression += gridDim.x * WARPS) {
    const int end = offsets[impression + 1];
    const float2 query = units(of_queries, impression);
    float gradient[COLUMNS];
    columns(of_output, impression, gradient);
    float2 of_query = make_float2(0, 0);
    for (int pair = offsets[impression]; pair < end; pair += 2) {
      const bool second = pair + 1 < end;
      const int a = behaviors[pair];
      const int b = second ? behaviors[pair + 1] : a;
      const Hidden hidden(layers, query, units(of_codes, a), units(of_codes, b));

      float code[COLUMNS];
      columns(codes, own_pair == 0 ? a : b, code);
      float product = 0;
#pragma unroll
      for (int i = 0; i < COLUMNS; i++) {
        product += gradient[i] * code[i];
      }
      const float of_pair = half_sum(product);
      const float of_weight = own_pair == 0 || second ? of_pair : 0;
      const float of_g = of_weight * layers.w2;
      const float of_y = of_g * prelu_derivative(hidden.y, layers.second_slope);
      sums.b2 += of_weight;
      sums.w2 += of_weight * hidden.g;
      sums.second_slope += of_g * negative_part(hidden.y);
      sums.b1 += of_y;

      show(shown[warp()], of_y);
      float2 of_h[2];
      through_second(layers, shown[warp()], of_h);
#pragma unroll
      for (int i = 0; i < 2; i++) {
#pragma unroll
        for (int unit = 0; unit < SECOND; unit++) {
          const float gradient_of_y = shown[warp()][i * SECOND + unit];
          sums.w1[unit].x += gradient_of_y * hidden.h[i].x;
          sums.w1[unit].y += gradient_of_y * hidden.h[i].y;
        }
        sums.first_slope += of_h[i].x * negative_part(hidden.x[i].x) +
                            of_h[i].y * negative_part(hidden.x[i].y);
        const float2 of_x = through_first(layers, of_h[i], hidden.x[i]);
        of_query.x += of_x.x;
        of_query.y += of_x.y;
      }
    }
    reinterpret_cast<float2*>(gradient_of_queries +
                              static_cast<long long>(impression) * FIRST)[lane()] = of_query;
  }

  for (int i = threadIdx.x; i < PARAMETERS; i += blockDim.x) {
    block[i] = 0;
  }
  for (int turn = 0; turn < WARPS; turn++) {
    __syncthreads();
    if (warp() == turn) {
      sums.add_to(block);
    }
  }
  __syncthreads();
  for (int i = threadIdx.x; i < PARAMETERS; i += blockDim.x) {
    parameters_of_blocks[static_cast<long long>(blockIdx.x) * PARAMETERS + i] = block[i];
  }
}

// By behaviour: gradients of of_codes [rows, 64] and of codes through the weighted sum [rows,
// CODE_WIDTH]. A behaviour that many impressions ask about is several pieces; a piece is (behaviour,
// begin and end in impressions_of_behaviors, row of the results).
extern "C" __global__ void __launch_bounds__(WARPS* LANES)
    attention_backward_of_codes(const float* __restrict__ of_codes,
                                const float* __restrict__ of_queries,
                                const float* __restrict__ codes,
                                const int* __restrict__ impressions_of_behaviors,
                                const int4* __restrict__ pieces, int piece_count, LAYERS,
                                const float* __restrict__ of_output,
                                float* __restrict__ gradient_of_of_codes,
                                float* __restrict__ gradient_of_codes) {
  __shared__ __align__(16) float shown[WARPS][LANES];
  const Layers layers(w1, b1, w2, b2, first_slope, second_slope);
  const int own_pair = lane() / HALF_LANES;
  for (int number = blockIdx.x * WARPS + warp(); number < piece_count;
       number += gridDim.x * WARPS) {
    const int4 piece = pieces[number];
    const int end = piece.z;
    const float2 own = units(of_codes, piece.x);
    float code[COLUMNS];
    columns(codes, piece.x, code);
    float2 of_own = make_float2(0, 0);
    float of_code[COLUMNS] = {};
    for (int pair = piece.y; pair < end; pair += 2) {
      const bool second = pair + 1 < end;
      const int a = impressions_of_behaviors[pair];
      const int b = second ? impressions_of_behaviors[pair + 1] : a;
      const Hidden hidden(layers, own, units(of_queries, a), units(of_queries, b));
      const float weight = hidden.weight(layers);

      float gradient[COLUMNS];
      columns(of_output, own_pair == 0 ? a : b, gradient);
      float product = 0;
#pragma unroll
      for (int i = 0; i < COLUMNS; i++) {
        product += gradient[i] * code[i];
        of_code[i] += own_pair == 0 || second ? weight * gradient[i] : 0;
      }
      const float of_pair = half_sum(product);
      const float of_weight = own_pair == 0 || second ? of_pair : 0;
      show(shown[warp()],
           of_weight * layers.w2 * prelu_derivative(hidden.y, layers.second_slope));
      float2 of_h[2];
      through_second(layers, shown[warp()], of_h);
#pragma unroll
      for (int i = 0; i < 2; i++) {
        const float2 of_x = through_first(layers, of_h[i], hidden.x[i]);
        of_own.x += of_x.x;
        of_own.y += of_x.y;
      }
    }
    reinterpret_cast<float2*>(gradient_of_of_codes +
                              static_cast<long long>(piece.w) * FIRST)[lane()] = of_own;
#pragma unroll
    for (int i = 0; i < COLUMNS; i++) {
      const int column = lane() + i * HALF_LANES;
      const float sum = of_code[i] + __shfl_xor_sync(ALL, of_code[i], HALF_LANES);
      if (lane() < HALF_LANES && column < CODE_WIDTH) {
        gradient_of_codes[static_cast<long long>(piece.w) * CODE_WIDTH + column] = sum;
      }
    }
  }
}

// Adds the pieces of behaviours that have several: one is (behaviour, its first row among the
// pieces', its end there); the sum becomes the behaviour's row. A block a behaviour, a column a
// thread.
extern "C" __global__ void __launch_bounds__(FIRST + CODE_WIDTH)
    attention_sum_of_pieces(const int4* __restrict__ divided, float* gradient_of_of_codes,
                            float* gradient_of_codes) {
  const int4 behavior = divided[blockIdx.x];
  const bool of_first = threadIdx.x < FIRST;
  const int width = of_first ? FIRST : CODE_WIDTH;
  const int column = of_first ? threadIdx.x : threadIdx.x - FIRST;
  float* table = of_first ? gradient_of_of_codes : gradient_of_codes;
  float sum = 0;
  for (long long row = behavior.y; row < behavior.z; row++) {
    sum += table[row * width + column];
  }
  table[static_cast<long long>(behavior.x) * width + column] = sum;
}

// Adds the blocks' gradients of the parameters, [blocks, PARAMETERS] to [PARAMETERS]: 32 parameters
// a block, each by 8 threads that take every 8th row.
extern "C" __global__ void __launch_bounds__(8 * LANES)
    attention_sum_of_blocks(const float* __restrict__ parameters_of_blocks, int blocks,
                            float* __restrict__ parameters) {
  __shared__ float sums[8][LANES];
  const int parameter = blockIdx.x * LANES + lane();
  float sum = 0;
  if (parameter < PARAMETERS) {
    for (int block = warp(); block < blocks; block += 8) {
      sum += parameters_of_blocks[static_cast<long long>(block) * PARAMETERS + parameter];
    }
  }
  sums[warp()][lane()] = sum;
  __syncthreads();
  if (warp() == 0 && parameter < PARAMETERS) {
    float total = 0;
    for (int i = 0; i < 8; i++) {
      total += sums[i][lane()];
    }
    parameters[parameter] = total;
  }
}
