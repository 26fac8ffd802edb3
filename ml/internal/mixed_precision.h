#pragma once

#include <ATen/autocast_mode.h>
#include <torch/version.h>

namespace annotomy {

// While it lives, networks compute in half precision where that is safe (LibTorch's autocast); on CUDA devices only.
class MixedPrecision {
public:
    explicit MixedPrecision(const c10::Device& device) : m_active(device.is_cuda()), m_before(isEnabled())
    {
        if (m_active) {
            at::autocast::increment_nesting();
            setEnabled(true);
        }
    }
    ~MixedPrecision()
    {
        if (!m_active)
            return;
        setEnabled(m_before);
        if (at::autocast::decrement_nesting() == 0)
            at::autocast::clear_cache();
    }
    MixedPrecision(const MixedPrecision&) = delete;
    MixedPrecision& operator=(const MixedPrecision&) = delete;

private:
    // Of CUDA; the names changed with LibTorch 2.4.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    static bool isEnabled() { return at::autocast::is_autocast_enabled(at::kCUDA); }
    static void setEnabled(bool enabled) { at::autocast::set_autocast_enabled(at::kCUDA, enabled); }
#else
    static bool isEnabled() { return at::autocast::is_enabled(); }
    static void setEnabled(bool enabled) { at::autocast::set_enabled(enabled); }
#endif

    bool m_active, m_before;
};

} // namespace annotomy
