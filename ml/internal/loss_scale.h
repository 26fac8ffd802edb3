#pragma once

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>

#include <vector>

namespace annotomy {

// Keeps gradients of half precision from vanishing (Micikevicius et al. 2018): the loss is multiplied before the backward pass,
// the gradients are divided after it. Halved when a gradient overflows, doubled after many steps without. Inactive, it
// changes nothing.
class LossScale {
public:
    explicit LossScale(bool active) : m_active(active) {}

    double value() const { return m_active ? m_scale : 1; }
    at::Tensor scaled(const at::Tensor& loss) const { return m_active ? loss * m_scale : loss; }
    void unscale(const std::vector<at::Tensor>& parameters) const
    {
        const c10::NoGradGuard noGrad;
        for (const at::Tensor& p : parameters)
            if (m_active && p.grad().defined())
                p.grad().div_(m_scale);
    }
    void update(bool finite) // whether the step's gradients were numbers
    {
        m_good = finite ? m_good + 1 : 0;
        if (!finite)
            m_scale = std::max(1.0, m_scale / 2);
        else if (m_good % stepsToDouble == 0)
            m_scale = std::min(largest, m_scale * 2);
    }

private:
    static constexpr double largest = 65536;
    static constexpr int stepsToDouble = 1000;

    bool m_active;
    double m_scale = 4096;
    int m_good = 0; // in a row
};

} // namespace annotomy
