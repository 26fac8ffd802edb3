#include "ml/internal/adam_w.h"

#include <ATen/ATen.h>

#include <cmath>

namespace annotomy {

namespace {

constexpr double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;

} // namespace

AdamW::AdamW(std::vector<at::Tensor> parameters, double weightDecay)
    : m_parameters(std::move(parameters)), m_weightDecay(weightDecay)
{
    for (const at::Tensor& p : m_parameters) {
        m_first.push_back(at::zeros_like(p.detach()));
        m_second.push_back(at::zeros_like(p.detach()));
    }
}

double AdamW::clipGradients(double maxNorm)
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

void AdamW::step(double learningRate)
{
    const at::NoGradGuard noGrad;
    ++m_steps;
    const double correction1 = 1 - std::pow(beta1, static_cast<double>(m_steps));
    const double correction2 = 1 - std::pow(beta2, static_cast<double>(m_steps));
    for (std::size_t n = 0; n < m_parameters.size(); ++n) {
        at::Tensor& p = m_parameters[n];
        const at::Tensor& gradient = p.grad();
        if (!gradient.defined())
            continue;
        if (p.dim() > 1)
            p.mul_(1 - learningRate * m_weightDecay);
        m_first[n].mul_(beta1).add_(gradient, 1 - beta1);
        m_second[n].mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        const at::Tensor denominator = (m_second[n] / correction2).sqrt_().add_(epsilon);
        p.addcdiv_(m_first[n], denominator, -learningRate / correction1);
    }
}

void AdamW::dropGradients()
{
    for (at::Tensor& p : m_parameters)
        p.mutable_grad() = at::Tensor();
}

} // namespace annotomy
