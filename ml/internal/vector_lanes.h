#pragma once

#include <cstddef>
#include <cstring>

namespace annotomy {

// The lanes of one voxel of a block (blocked_passes.h) as a vector, which the compiler splits into what the instruction set
// has. For functions that are compiled for several of them (core/base/multiversion.h), into which these are inlined.
struct EightLanes {
    typedef float Vector __attribute__((vector_size(32)));
    static constexpr std::size_t count = 8;
};
struct SixteenLanes {
    typedef float Vector __attribute__((vector_size(64)));
    static constexpr std::size_t count = 16;
};

template <class Vector>
[[gnu::always_inline]] inline void load(Vector& vector, const float* from)
{
    std::memcpy(&vector, from, sizeof vector);
}

template <class Vector>
[[gnu::always_inline]] inline void store(float* to, const Vector& vector)
{
    std::memcpy(to, &vector, sizeof vector);
}

} // namespace annotomy
