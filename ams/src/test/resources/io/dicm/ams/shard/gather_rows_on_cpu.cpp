// gather_rows.cu with the processor's threads: gather_rows_on_cpu INPUT OUTPUT
// INPUT: the number of cases, then for each the two types (0 float, 1 half, 2 bfloat16), width,
// blocks, threads of a row, table and row numbers. OUTPUT: for each the rows, and the bytes before and
// after them, which nothing may write to.

#include "cuda_on_cpu.h"

#include "gather_rows.cu"

template <typename From, typename To, typename Kernel>
static void run(on_cpu::Arrays& in, on_cpu::Arrays& out, Kernel kernel) {
  const int width = in.number();
  const dim3 grid(in.number());
  const int threads_of_row = in.number();
  const dim3 threads(threads_of_row, 256 / threads_of_row);
  const std::vector<From> given = in.read<From>();
  const std::vector<int> numbers = in.read<int>();
  const long long table_rows = given.size() / width;
  const long long rows = numbers.size();

  // Rows begin at multiples of 16 bytes, as libtorch's do; a guard of 16 bytes on both sides.
  const int guard = 16 / sizeof(To);
  std::vector<To> target(rows * width + 2 * guard + guard);
  std::memset(static_cast<void*>(target.data()), 0x5a, target.size() * sizeof(To));
  std::vector<From> table(given.size() + 16);
  From* const table_begin = reinterpret_cast<From*>(
      (reinterpret_cast<std::uintptr_t>(table.data()) + 15) / 16 * 16);
  std::copy(given.begin(), given.end(), table_begin);
  To* const target_begin = reinterpret_cast<To*>(
      (reinterpret_cast<std::uintptr_t>(target.data() + guard) + 15) / 16 * 16);

  on_cpu::launch(grid, threads, on_cpu::Order::ASCENDING, [&] {
    kernel(table_begin, numbers.data(), target_begin, table_rows, rows, width);
  });
  out.write(std::vector<To>(target_begin, target_begin + rows * width));
  out.write(std::vector<To>(target_begin - guard, target_begin));
  out.write(std::vector<To>(target_begin + rows * width, target_begin + rows * width + guard));
}

int main(int count, char** arguments) {
  if (count != 3) {
    return 2;
  }
  on_cpu::Arrays in(arguments[1], "rb");
  on_cpu::Arrays out(arguments[2], "wb");
  const int cases = in.number();
  for (int i = 0; i < cases; i++) {
    const int from = in.number();
    const int to = in.number();
    if (from == 0 && to == 0) {
      run<float, float>(in, out, gather_float_to_float);
    } else if (from == 0 && to == 1) {
      run<float, std::uint16_t>(in, out, gather_float_to_half);
    } else if (from == 0) {
      run<float, std::uint16_t>(in, out, gather_float_to_bfloat16);
    } else if (to == 0) {
      run<std::uint16_t, float>(in, out, gather_half_to_float);
    } else if (to == 1) {
      run<std::uint16_t, std::uint16_t>(in, out, gather_half_to_half);
    } else {
      run<std::uint16_t, std::uint16_t>(in, out, gather_half_to_bfloat16);
    }
  }
  return 0;
}
