#pragma once

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <torch/csrc/api/include/torch/version.h>

#include <algorithm>
#include <cstddef>
#include <limits>

namespace annotomy::test {

// While it lives, LibTorch gets no single block of the main memory that is larger than `limit`, and hears of it as when there
// is none left.
class LimitedMemory : public c10::Allocator {
public:
    explicit LimitedMemory(std::size_t limit = std::numeric_limits<std::size_t>::max())
        : m_limit(limit), m_before(c10::GetCPUAllocator())
    {
        c10::SetCPUAllocator(this);
    }
    ~LimitedMemory() override { c10::SetCPUAllocator(m_before); }

    std::size_t largest() const { return m_largest; } // block that was asked for
    int refusals() const { return m_refusals; }

#if TORCH_VERSION_MAJOR < 2
    c10::DataPtr allocate(std::size_t bytes) const override { return block(bytes); }
#else
    c10::DataPtr allocate(std::size_t bytes) override { return block(bytes); }
    void copy_data(void* target, const void* source, std::size_t bytes) const override
    {
        default_copy_data(target, source, bytes);
    }
#endif
    c10::DeleterFnPtr raw_deleter() const override { return m_before->raw_deleter(); }

private:
    c10::DataPtr block(std::size_t bytes) const
    {
        m_largest = std::max(m_largest, bytes);
        if (bytes > m_limit)
            ++m_refusals;
        TORCH_CHECK(bytes <= m_limit, "DefaultCPUAllocator: can't allocate memory: you tried to allocate ", bytes, " bytes.");
        return m_before->allocate(bytes);
    }

    std::size_t m_limit;
    c10::Allocator* m_before;
    mutable std::size_t m_largest = 0;
    mutable int m_refusals = 0;
};

} // namespace annotomy::test
