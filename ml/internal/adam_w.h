#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace annotomy {

// AdamW (Loshchilov and Hutter 2019) with state that a checkpoint can hold: LibTorch's own optimiser forgets
// its learning rate and decay when it is loaded. Parameters of one dimension (norms, biases) do not decay.
class AdamW {
public:
    AdamW(std::vector<at::Tensor> parameters, double weightDecay);

    // The norm over all gradients, scaled down to `maxNorm` when it is larger (0: never). May be non-finite;
    // nothing is changed then.
    double clipGradients(double maxNorm);
    void step(double learningRate);
    void dropGradients();

    std::vector<at::Tensor>& firstMoments() { return m_first; }
    std::vector<at::Tensor>& secondMoments() { return m_second; }
    std::int64_t steps() const { return m_steps; }
    void setSteps(std::int64_t steps) { m_steps = steps; }

private:
    std::vector<at::Tensor> m_parameters, m_first, m_second;
    double m_weightDecay;
    std::int64_t m_steps = 0;
};

} // namespace annotomy
