// SOURCE with the processor's threads, as one function of a library: the kernel by its number, and
// arguments as CUDA's driver gets them.

#include "cuda_on_cpu.h"

#include "SOURCE"

#include <utility>

struct Shape {
  int blocks, x, y;
  const long long* slots;
  int count;
};

template <typename... A, std::size_t... I>
static void launch(void (*kernel)(A...), const Shape& shape, std::index_sequence<I...>) {
  on_cpu::launch(dim3(shape.blocks), dim3(shape.x, shape.y), on_cpu::Order::MIXED,
                 [&] { kernel(*reinterpret_cast<const A*>(shape.slots + I)...); });
}

template <typename... A>
static int launch(void (*kernel)(A...), const Shape& shape) {
  if (shape.count != sizeof...(A)) {
    return 1;
  }
  launch(kernel, shape, std::make_index_sequence<sizeof...(A)>());
  return 0;
}

extern "C" __attribute__((visibility("default"))) int FUNCTION(int kernel, int blocks, int x, int y,
                                                                const long long* slots, int count) {
  const Shape shape{blocks, x, y, slots, count};
  switch (kernel) {
CASES  }
  return 2;
}
