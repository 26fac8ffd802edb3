#include "ml/internal/optimiser.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <cmath>

namespace annotomy {

namespace {

// AdamW (Loshchilov and Hutter 2019). Parameters of one dimension (norms, biases) do not decay.
class AdamW : public Optimiser {
public:
    AdamW(std::vector<at::Tensor> parameters, double weightDecay)
        : Optimiser(std::move(parameters), weightDecay, {"firstMoments", "secondMoments"})
    {
    }

private:
    void update(std::size_t n, at::Tensor& p, double learningRate) override
    {
        constexpr double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
        const double correction1 = 1 - std::pow(beta1, static_cast<double>(steps()));
        const double correction2 = 1 - std::pow(beta2, static_cast<double>(steps()));
        if (p.dim() > 1)
            p.mul_(1 - learningRate * weightDecay());
        at::Tensor& first = moment("firstMoments")[n];
        at::Tensor& second = moment("secondMoments")[n];
        first.mul_(beta1).add_(p.grad(), 1 - beta1);
        second.mul_(beta2).addcmul_(p.grad(), p.grad(), 1 - beta2);
        const at::Tensor denominator = (second / correction2).sqrt_().add_(epsilon);
        p.addcdiv_(first, denominator, -learningRate / correction1);
    }
};

// Stochastic gradient descent with Nesterov's momentum and decay in the gradient, as nnU-Net trains.
class Sgd : public Optimiser {
public:
    Sgd(std::vector<at::Tensor> parameters, double weightDecay)
        : Optimiser(std::move(parameters), weightDecay, {"momentum"})
    {
    }

private:
    void update(std::size_t n, at::Tensor& p, double learningRate) override
    {
        constexpr double momentum = 0.99;
        const at::Tensor gradient = p.grad() + weightDecay() * p;
        at::Tensor& velocity = moment("momentum")[n];
        velocity.mul_(momentum).add_(gradient);
        p.sub_(gradient + momentum * velocity, learningRate);
    }
};

} // namespace

Optimiser::Optimiser(std::vector<at::Tensor> parameters, double weightDecay, const std::vector<std::string>& moments)
    : m_parameters(std::move(parameters)), m_weightDecay(weightDecay)
{
    for (const std::string& name : moments)
        for (const at::Tensor& p : m_parameters)
            m_moments[name].push_back(at::zeros_like(p.detach()));
}

std::unique_ptr<Optimiser> Optimiser::create(const Recipe& recipe, std::vector<at::Tensor> parameters)
{
    if (recipe.optimiser == OptimiserKind::Sgd)
        return std::make_unique<Sgd>(std::move(parameters), recipe.weightDecay);
    return std::make_unique<AdamW>(std::move(parameters), recipe.weightDecay);
}

double Optimiser::clipGradients(double maxNorm)
{
    double squares = 0;
    for (const at::Tensor& p : m_parameters)
        if (p.grad().defined()) {
            const double norm = p.grad().norm().item<double>();
            squares += norm * norm;
        }
    const double norm = std::sqrt(squares);
    if (std::isfinite(norm) && maxNorm > 0 && norm > maxNorm)
        for (const at::Tensor& p : m_parameters)
            if (p.grad().defined())
                p.grad().mul_(maxNorm / (norm + 1e-6));
    return norm;
}

void Optimiser::step(double learningRate)
{
    const c10::NoGradGuard noGrad;
    ++m_steps;
    for (std::size_t n = 0; n < m_parameters.size(); ++n)
        if (m_parameters[n].grad().defined())
            update(n, m_parameters[n], learningRate);
}

void Optimiser::dropGradients()
{
    for (at::Tensor& p : m_parameters)
        p.mutable_grad() = at::Tensor();
}

} // namespace annotomy
