#pragma once

#include "core/learn/recipe.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace annotomy {

// Steps downhill, with state that a checkpoint can hold: LibTorch's own optimisers forget their learning rate and decay
// when they are loaded.
class Optimiser {
public:
    static std::unique_ptr<Optimiser> create(const Recipe& recipe, std::vector<at::Tensor> parameters);
    virtual ~Optimiser() = default;

    // The norm over all gradients, scaled down to `maxNorm` when it is larger (0: never). May be non-finite;
    // nothing is changed then.
    double clipGradients(double maxNorm);
    void step(double learningRate);
    void dropGradients();

    // What it remembers of former gradients, by name; as many tensors each as there are parameters.
    std::map<std::string, std::vector<at::Tensor>>& moments() { return m_moments; }
    std::int64_t steps() const { return m_steps; }
    void setSteps(std::int64_t steps) { m_steps = steps; }

protected:
    Optimiser(std::vector<at::Tensor> parameters, double weightDecay, const std::vector<std::string>& moments);
    std::vector<at::Tensor>& moment(const std::string& name) { return m_moments.at(name); }
    double weightDecay() const { return m_weightDecay; }

private:
    virtual void update(std::size_t n, at::Tensor& parameter, double learningRate) = 0;

    std::vector<at::Tensor> m_parameters;
    double m_weightDecay;
    std::map<std::string, std::vector<at::Tensor>> m_moments;
    std::int64_t m_steps = 0;
};

} // namespace annotomy
