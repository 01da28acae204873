// Types of values in memory. Kernels that convert have this before their own text.
//
// No header is included: NVRTC would have to find it on each node.

#ifndef CONVERSIONS_ARE_GIVEN
static __device__ __forceinline__ float float_of_half(unsigned short bits) {
  float value;
  asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(bits));
  return value;
}

static __device__ __forceinline__ unsigned short half_of_float(float value) {
  unsigned short bits;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(value));
  return bits;
}

static __device__ __forceinline__ unsigned short bfloat16_of_float(float value) {
  unsigned short bits;
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(bits) : "f"(value));
  return bits;
}

static __device__ __forceinline__ float float_of_bits(unsigned int bits) {
  return __uint_as_float(bits);
}
#endif

// Types of values: their bits, and what they are as a float.
struct Float {
  typedef float Bits;
  static __device__ __forceinline__ float value(float bits) { return bits; }
  static __device__ __forceinline__ float bits(float value) { return value; }
};

struct Half {
  typedef unsigned short Bits;
  static __device__ __forceinline__ float value(unsigned short bits) { return float_of_half(bits); }
  static __device__ __forceinline__ unsigned short bits(float value) {
    return half_of_float(value);
  }
};

struct Bfloat16 {
  typedef unsigned short Bits;
  static __device__ __forceinline__ float value(unsigned short bits) {
    return float_of_bits(static_cast<unsigned int>(bits) << 16);
  }
  static __device__ __forceinline__ unsigned short bits(float value) {
    return bfloat16_of_float(value);
  }
};
