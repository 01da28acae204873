// attentive_pooling.cu on the processor: attentive_pooling_on_cpu INPUT OUTPUT
// INPUT: order of threads, blocks, rows of the pieces' results, then the arrays as the
// kernels take them. OUTPUT: weights, output, then the gradients of of_queries, of_codes, codes and
// parameters.

#include "cuda_on_cpu.h"

#include "attentive_pooling.cu"

using std::vector;

int main(int count, char** arguments) {
  if (count != 3) {
    return 2;
  }
  on_cpu::Arrays in(arguments[1], "rb");
  on_cpu::Arrays out(arguments[2], "wb");
  const on_cpu::Order order = static_cast<on_cpu::Order>(in.number());
  const int blocks = in.number();
  const int result_rows = in.number();
  const vector<float> of_codes = in.read<float>();
  const vector<float> of_queries = in.read<float>();
  const vector<float> codes = in.read<float>();
  const vector<int> behaviors = in.read<int>();
  const vector<int> offsets = in.read<int>();
  const vector<int> impressions_of_behaviors = in.read<int>();
  const vector<int4> pieces = in.read<int4>();
  const vector<int4> divided = in.read<int4>();
  const vector<float> w1 = in.read<float>();
  const vector<float> b1 = in.read<float>();
  const vector<float> w2 = in.read<float>();
  const vector<float> b2 = in.read<float>();
  const vector<float> first_slope = in.read<float>();
  const vector<float> second_slope = in.read<float>();
  const vector<float> of_output = in.read<float>();

  // NaN where nothing is written.
  const int impressions = offsets.size() - 1;
  const dim3 threads(WARPS * LANES);
  vector<float> weights(behaviors.size(), NAN);
  vector<float> output(impressions * CODE_WIDTH, NAN);
  vector<float> of_query_table(impressions * FIRST, NAN);
  vector<float> of_code_table(result_rows * FIRST, NAN);
  vector<float> of_code_values(result_rows * CODE_WIDTH, NAN);
  vector<float> of_blocks(blocks * PARAMETERS, NAN);
  vector<float> parameters(PARAMETERS, NAN);

  on_cpu::launch(dim3(blocks), threads, order, [&] {
    attention_forward(of_codes.data(), of_queries.data(), codes.data(), behaviors.data(),
                      offsets.data(), impressions, w1.data(), b1.data(), w2.data(), b2.data(),
                      first_slope.data(), second_slope.data(), weights.data(), output.data());
  });
  on_cpu::launch(dim3(blocks), threads, order, [&] {
    attention_backward_of_queries(of_codes.data(), of_queries.data(), codes.data(),
                                  behaviors.data(), offsets.data(), impressions, w1.data(),
                                  b1.data(), w2.data(), b2.data(), first_slope.data(),
                                  second_slope.data(), of_output.data(), of_query_table.data(),
                                  of_blocks.data());
  });
  on_cpu::launch(dim3((PARAMETERS + LANES - 1) / LANES), dim3(8 * LANES), order,
                 [&] { attention_sum_of_blocks(of_blocks.data(), blocks, parameters.data()); });
  on_cpu::launch(dim3(blocks), threads, order, [&] {
    attention_backward_of_codes(of_codes.data(), of_queries.data(), codes.data(),
                                impressions_of_behaviors.data(), pieces.data(), pieces.size(),
                                w1.data(), b1.data(), w2.data(), b2.data(), first_slope.data(),
                                second_slope.data(), of_output.data(), of_code_table.data(),
                                of_code_values.data());
  });
  if (!divided.empty()) {
    on_cpu::launch(dim3(divided.size()), dim3(FIRST + CODE_WIDTH), order, [&] {
      attention_sum_of_pieces(divided.data(), of_code_table.data(), of_code_values.data());
    });
  }

  out.write(weights);
  out.write(output);
  out.write(of_query_table);
  out.write(of_code_table);
  out.write(of_code_values);
  out.write(parameters);
  return 0;
}
