// Runs a CUDA kernel's own source on the processor, for tests of its numbers where there is no GPU.
// Include it, then the .cu file, then call on_cpu::launch.
//
// The threads of a block are coroutines that change at barriers and at exchanges within a warp, and
// nowhere else; blocks run one after the other. In which order a round goes through the threads is
// chosen by the caller: a kernel that lacks a barrier gives other results in another order. A
// barrier that some threads never reach ends the program with a message.

#ifndef CUDA_ON_CPU_H
#define CUDA_ON_CPU_H

#include <setjmp.h>
#include <ucontext.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#define __global__
#define __device__
#define __shared__ static
#define __forceinline__ inline
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __launch_bounds__(threads)
#define __restrict__

struct dim3 {
  unsigned int x, y, z;
  dim3(unsigned int x = 1, unsigned int y = 1, unsigned int z = 1) : x(x), y(y), z(z) {}
};

struct alignas(8) float2 {
  float x, y;
};

struct alignas(16) int4 {
  int x, y, z, w;
};

inline float2 make_float2(float x, float y) { return float2{x, y}; }

static dim3 threadIdx, blockIdx, blockDim, gridDim;

// What the PTX instructions of the same purpose do, bit by bit.
#define CONVERSIONS_ARE_GIVEN

inline float float_of_bits(unsigned int bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

inline unsigned int bits_of_float(float value) {
  unsigned int bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

inline float float_of_half(unsigned short bits) {
  const float sign = bits & 0x8000 ? -1.0f : 1.0f;
  const int exponent = bits >> 10 & 0x1f;
  const int fraction = bits & 0x3ff;
  if (exponent == 0x1f) {
    return fraction != 0 ? float_of_bits(0x7fffffffu) : sign * INFINITY;
  }
  return sign * (exponent == 0 ? std::ldexp(fraction, -24)
                               : std::ldexp(fraction + 1024, exponent - 25));
}

// To the nearest, ties to even.
inline unsigned short half_of_float(float value) {
  const unsigned short sign = bits_of_float(value) >> 16 & 0x8000;
  const float size = std::fabs(value);
  if (std::isnan(value)) {
    return 0x7fff;
  }
  if (size >= 65520.0f) {
    return sign | 0x7c00;
  }
  if (size < 6.103515625e-05f) {  // the least normal one
    return sign | static_cast<unsigned short>(std::nearbyint(std::ldexp(size, 24)));
  }
  int exponent;
  const float fraction = std::frexp(size, &exponent);
  return sign + ((exponent + 13) << 10) +
         static_cast<unsigned short>(std::nearbyint(std::ldexp(fraction, 11)));
}

inline unsigned short bfloat16_of_float(float value) {
  const unsigned int bits = bits_of_float(value);
  return std::isnan(value) ? 0x7fff : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

namespace on_cpu {

// In which order a round goes through a block's threads.
enum class Order { ASCENDING, DESCENDING, MIXED };

const unsigned int WARP = 32;

// Threads that meet: as many as there are go on when all have come.
struct Meeting {
  unsigned int members = 0, waiting = 0;
  unsigned long round = 0;
};

struct Thread {
  ucontext_t begin;
  jmp_buf place;  // where it goes on; unlike a context, it is left and taken without a system call
  bool begun = false;
  std::unique_ptr<char[]> stack;
  dim3 index;
  bool ended = false;
};

// One block's threads, while they run.
class Block {
 public:
  Block(const std::function<void()>& kernel, Order order)
      : kernel_(kernel), threads_(blockDim.x * blockDim.y * blockDim.z), order_(order) {
    whole_.members = threads_.size();
    warps_.resize((threads_.size() + WARP - 1) / WARP);
    exchanged_[0].resize(threads_.size());
    exchanged_[1].resize(threads_.size());
    for (unsigned int i = 0; i < threads_.size(); i++) {
      warps_[i / WARP].members++;
    }
  }

  void run() {
    running_ = this;
    for (unsigned int i = 0; i < threads_.size(); i++) {
      Thread& thread = threads_[i];
      thread.index = dim3(i % blockDim.x, i / blockDim.x % blockDim.y,
                          i / (blockDim.x * blockDim.y));
      thread.stack.reset(new char[STACK_BYTES]);
      getcontext(&thread.begin);
      thread.begin.uc_stack.ss_sp = thread.stack.get();
      thread.begin.uc_stack.ss_size = STACK_BYTES;
      makecontext(&thread.begin, &Block::begin, 0);
    }
    unsigned int ended = 0;
    while (ended < threads_.size()) {
      progress_ = false;
      for (unsigned int i = 0; i < threads_.size(); i++) {
        Thread& thread = threads_[at(i)];
        if (!thread.ended) {
          current_ = at(i);
          threadIdx = thread.index;
          resume(thread);
          ended += thread.ended;
        }
      }
      if (!progress_) {
        std::fprintf(stderr, "%u threads of block %u ended, the others wait at a barrier\n", ended,
                     blockIdx.x);
        std::exit(3);
      }
    }
  }

  static Block& running() { return *running_; }

  void meet_whole() { meet(whole_); }

  void meet_warp(unsigned int mask) {
    if (mask != 0xffffffffu || warps_[current_ / WARP].members != WARP) {
      std::fprintf(stderr, "Only whole warps are known here, the mask was %x\n", mask);
      std::exit(3);
    }
    meet(warps_[current_ / WARP]);
  }

  // What the lane that is asked has given.
  float exchange(unsigned int mask, float value, unsigned int lane) {
    const unsigned int first = current_ / WARP * WARP;
    // Two places by turns: one is written to again when all have read it, in the next exchange.
    std::vector<float>& place = exchanged_[warps_[current_ / WARP].round % 2];
    place[current_] = value;
    meet_warp(mask);
    return place[first + lane % WARP];
  }

  unsigned int lane() const { return current_ % WARP; }

 private:
  static const std::size_t STACK_BYTES = 1 << 16;
  static Block* running_;

  static void begin() {
    Block& block = running();
    block.kernel_();
    block.threads_[block.current_].ended = true;
    block.progress_ = true;
    _longjmp(block.scheduler_, 1);
  }

  void resume(Thread& thread) {
    if (_setjmp(scheduler_) == 0) {
      if (thread.begun) {
        _longjmp(thread.place, 1);
      }
      thread.begun = true;
      setcontext(&thread.begin);
    }
  }

  void pause() {
    if (_setjmp(threads_[current_].place) == 0) {
      _longjmp(scheduler_, 1);
    }
  }

  unsigned int at(unsigned int i) const {
    const unsigned int count = threads_.size();
    switch (order_) {
      case Order::DESCENDING:
        return count - 1 - i;
      case Order::MIXED:
        return (i * 37 + 11) % count;  // 37 has no factor in common with a power of two
      default:
        return i;
    }
  }

  void meet(Meeting& meeting) {
    const unsigned long round = meeting.round;
    if (++meeting.waiting == meeting.members) {
      meeting.waiting = 0;
      meeting.round++;
      progress_ = true;
      return;
    }
    while (meeting.round == round) {
      pause();
    }
    progress_ = true;
  }

  const std::function<void()>& kernel_;
  std::vector<Thread> threads_;
  const Order order_;
  Meeting whole_;
  std::vector<Meeting> warps_;
  std::vector<float> exchanged_[2];
  jmp_buf scheduler_;
  unsigned int current_ = 0;
  bool progress_ = false;
};

Block* Block::running_ = nullptr;

// Runs a kernel, given with its arguments, over a grid.
inline void launch(dim3 grid, dim3 threads, Order order, const std::function<void()>& kernel) {
  gridDim = grid;
  blockDim = threads;
  for (unsigned int z = 0; z < grid.z; z++) {
    for (unsigned int y = 0; y < grid.y; y++) {
      for (unsigned int x = 0; x < grid.x; x++) {
        blockIdx = dim3(x, y, z);
        Block(kernel, order).run();
      }
    }
  }
}

// Arrays in a file, one after the other: the number of bytes, then the bytes.
class Arrays {
 public:
  explicit Arrays(const char* path, const char* mode) : file_(std::fopen(path, mode)) {
    if (file_ == nullptr) {
      std::perror(path);
      std::exit(2);
    }
  }

  ~Arrays() { std::fclose(file_); }

  template <typename T>
  std::vector<T> read() {
    std::int64_t bytes = 0;
    require(std::fread(&bytes, sizeof(bytes), 1, file_) == 1);
    std::vector<T> values(bytes / sizeof(T));
    require(std::fread(values.data(), sizeof(T), values.size(), file_) == values.size());
    return values;
  }

  int number() { return read<int>().at(0); }

  template <typename T>
  void write(const std::vector<T>& values) {
    const std::int64_t bytes = values.size() * sizeof(T);
    require(std::fwrite(&bytes, sizeof(bytes), 1, file_) == 1);
    require(std::fwrite(values.data(), sizeof(T), values.size(), file_) == values.size());
  }

 private:
  static void require(bool done) {
    if (!done) {
      std::fprintf(stderr, "The file of arrays is cut off\n");
      std::exit(2);
    }
  }

  std::FILE* file_;
};

}  // namespace on_cpu

inline void __syncthreads() { on_cpu::Block::running().meet_whole(); }

inline void __syncwarp(unsigned int mask = 0xffffffffu) {
  on_cpu::Block::running().meet_warp(mask);
}

inline float __shfl_xor_sync(unsigned int mask, float value, int apart) {
  on_cpu::Block& block = on_cpu::Block::running();
  return block.exchange(mask, value, block.lane() ^ apart);
}

#endif
