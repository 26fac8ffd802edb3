#pragma once

#include <torch/script.h>

#include <optional>
#include <vector>

namespace annotomy {

struct TorchModule {
    torch::jit::Module module;
    c10::Device device = c10::Device(c10::kCPU);
    std::optional<bool> runsQuickly = std::nullopt; // whether a UNetExecutor gives what the module gives; unknown until tried

    std::vector<at::Tensor> parameters() const
    {
        std::vector<at::Tensor> all;
        for (const at::Tensor& p : module.parameters())
            all.push_back(p);
        return all;
    }
};

} // namespace annotomy
