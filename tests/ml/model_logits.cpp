// model_logits MODEL EDGE_I EDGE_J EDGE_K IN OUT: the logits of one tile, as the worker computes them. IN and OUT are float32 without
// a header, [k][j][i] and [output][k][j][i]. For comparing with other programs from tests/acceptance.
#include "ml/internal/model.h"
#include "ml/internal/network_call.h"
#include "ml/internal/torch_module.h"

#include <c10/core/InferenceMode.h>

#include <fstream>
#include <iostream>
#include <vector>

int main(int argc, char** argv)
{
    using namespace annotomy;
    if (argc != 7) {
        std::cerr << "usage: model_logits MODEL EDGE_I EDGE_J EDGE_K IN OUT\n";
        return 2;
    }
    const Result<Model> model = Model::load(argv[1]);
    if (!model) {
        std::cerr << model.error().detail << "\n";
        return 1;
    }
    const std::int64_t i = std::atoll(argv[2]), j = std::atoll(argv[3]), k = std::atoll(argv[4]);
    at::Tensor image = at::empty({1, 1, k, j, i});
    std::ifstream(argv[5], std::ios::binary)
        .read(static_cast<char*>(image.data_ptr()), static_cast<std::streamsize>(image.nbytes()));
    const c10::InferenceMode inference;
    const at::Tensor logits = networkLogits(model->torchModule(), model->card(), image).contiguous();
    std::ofstream(argv[6], std::ios::binary)
        .write(static_cast<const char*>(logits.data_ptr()), static_cast<std::streamsize>(logits.nbytes()));
    return 0;
}
