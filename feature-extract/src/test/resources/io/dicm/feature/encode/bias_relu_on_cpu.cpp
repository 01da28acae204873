// bias_relu.cu with the processor's threads: bias_relu_on_cpu INPUT OUTPUT
// INPUT: the number of cases, then for each the type (0 float, 1 half, 2 bfloat16), whether it pools,
// blocks, rows and columns of the result, biases and values. OUTPUT: for each the result, and the
// bytes before and after it, which nothing may write to.

#include "cuda_on_cpu.h"

#include "bias_relu.cu"

template <typename Type, typename Plain, typename Pooling>
static void run(on_cpu::Arrays& in, on_cpu::Arrays& out, Plain plain, Pooling pooling) {
  const bool pools = in.number() != 0;
  const dim3 grid(in.number());
  const int rows = in.number();
  const int columns = in.number();
  typedef typename Type::Bits Bits;
  const int count = Pack<Type>::COUNT;
  const std::vector<Bits> given_biases = in.read<Bits>();
  const std::vector<Bits> given_values = in.read<Bits>();
  const int channel_packs = given_biases.size() / count;

  std::vector<Pack<Type>> biases(channel_packs);
  std::memcpy(static_cast<void*>(biases.data()), given_biases.data(),
              given_biases.size() * sizeof(Bits));
  const std::size_t result_packs = static_cast<std::size_t>(rows) * columns * channel_packs;
  std::vector<Pack<Type>> result(result_packs + 2);
  std::memset(static_cast<void*>(result.data()), 0x5a, result.size() * sizeof(Pack<Type>));
  std::vector<Pack<Type>> values(given_values.size() / count);
  std::memcpy(static_cast<void*>(values.data()), given_values.data(),
              given_values.size() * sizeof(Bits));
  if (pools) {
    on_cpu::launch(grid, dim3(256), on_cpu::Order::MIXED, [&] {
      pooling(values.data(), biases.data(), result.data() + 1, rows, columns, channel_packs);
    });
  } else {
    std::copy(values.begin(), values.end(), result.begin() + 1);
    on_cpu::launch(grid, dim3(256), on_cpu::Order::MIXED, [&] {
      plain(result.data() + 1, biases.data(), static_cast<long long>(result_packs), channel_packs);
    });
  }
  const Bits* const begin = reinterpret_cast<const Bits*>(result.data() + 1);
  const Bits* const end = begin + result_packs * count;
  out.write(std::vector<Bits>(begin, end));
  out.write(std::vector<Bits>(begin - count, begin));
  out.write(std::vector<Bits>(end, end + count));
}

int main(int count, char** arguments) {
  if (count != 3) {
    return 2;
  }
  on_cpu::Arrays in(arguments[1], "rb");
  on_cpu::Arrays out(arguments[2], "wb");
  const int cases = in.number();
  for (int i = 0; i < cases; i++) {
    switch (in.number()) {
      case 0:
        run<Float>(in, out, bias_relu_float, bias_relu_pool_float);
        break;
      case 1:
        run<Half>(in, out, bias_relu_half, bias_relu_pool_half);
        break;
      default:
        run<Bfloat16>(in, out, bias_relu_bfloat16, bias_relu_pool_bfloat16);
    }
  }
  return 0;
}
