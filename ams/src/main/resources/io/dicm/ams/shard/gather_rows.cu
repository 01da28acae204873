// Collects rows of a table [table rows, width] side by side, as another type of value where asked
// for: to[i] = from[numbers[i]]. The table may lie in the GPU's memory or in the host's, pinned:
// each row is read once, in a warp's neighbouring words.
//
// Each access of a thread is 16 bytes of the wider of the two types, or what corresponds to them of
// the narrower one: so neighbouring threads always touch neighbouring bytes. The width is a
// multiple of 8, and rows begin at multiples of 16 bytes.
//
// A number outside the table gives a row of NaN: what should not be is seen in the loss, and
// nothing foreign is read.
//
// value_types.cu is before it.

// From one type to the other; the same type is copied bit by bit, NaNs with their payloads.
template <typename From, typename To>
struct Conversion {
  static __device__ __forceinline__ typename To::Bits apply(typename From::Bits bits) {
    return To::bits(From::value(bits));
  }
};

template <typename Same>
struct Conversion<Same, Same> {
  static __device__ __forceinline__ typename Same::Bits apply(typename Same::Bits bits) {
    return bits;
  }
};

template <int A, int B>
struct Larger {
  static const int VALUE = A > B ? A : B;
};

// Some neighbouring values, read and written at once.
template <typename Bits, int COUNT>
struct alignas(sizeof(Bits) * COUNT) Pack {
  Bits values[COUNT];
};

// A row a row of threads (threadIdx.y), its packs over the threads of that (threadIdx.x).
template <typename From, typename To>
static __device__ __forceinline__ void gather(const typename From::Bits* __restrict__ table,
                                              const int* __restrict__ numbers,
                                              typename To::Bits* __restrict__ target,
                                              long long table_rows, long long rows, int width) {
  typedef typename From::Bits FromBits;
  typedef typename To::Bits ToBits;
  const int COUNT = 16 / Larger<sizeof(FromBits), sizeof(ToBits)>::VALUE;
  const int AHEAD = 4;  // reads under way before the first of them is written
  typedef Pack<FromBits, COUNT> FromPack;
  typedef Pack<ToBits, COUNT> ToPack;

  const int packs = width / COUNT;
  const long long step = static_cast<long long>(gridDim.x) * blockDim.y;
  for (long long row = static_cast<long long>(blockIdx.x) * blockDim.y + threadIdx.y; row < rows;
       row += step) {
    const long long number = numbers[row];
    const bool inside = number >= 0 && number < table_rows;
    const FromPack* from =
        reinterpret_cast<const FromPack*>(table + (inside ? number : 0) * width);
    ToPack* to = reinterpret_cast<ToPack*>(target + row * width);
    for (int first = threadIdx.x; first < packs; first += AHEAD * blockDim.x) {
      FromPack read[AHEAD];
#pragma unroll
      for (int ahead = 0; ahead < AHEAD; ahead++) {
        const int at = first + ahead * static_cast<int>(blockDim.x);
        if (inside && at < packs) {
          read[ahead] = from[at];
        }
      }
#pragma unroll
      for (int ahead = 0; ahead < AHEAD; ahead++) {
        const int at = first + ahead * static_cast<int>(blockDim.x);
        if (at < packs) {
          ToPack written;
#pragma unroll
          for (int i = 0; i < COUNT; i++) {
            written.values[i] = inside ? Conversion<From, To>::apply(read[ahead].values[i])
                                       : To::bits(float_of_bits(0x7fc00000u));
          }
          to[at] = written;
        }
      }
    }
  }
}

#define GATHER(NAME, FROM, TO)                                                              \
  extern "C" __global__ void __launch_bounds__(256)                                         \
      NAME(const FROM::Bits* table, const int* numbers, TO::Bits* target,                   \
           long long table_rows, long long rows, int width) {                               \
    gather<FROM, TO>(table, numbers, target, table_rows, rows, width);                      \
  }

GATHER(gather_float_to_float, Float, Float)
GATHER(gather_float_to_half, Float, Half)
GATHER(gather_float_to_bfloat16, Float, Bfloat16)
GATHER(gather_half_to_float, Half, Float)
GATHER(gather_half_to_half, Half, Half)
GATHER(gather_half_to_bfloat16, Half, Bfloat16)
