#pragma once

#include <cstddef>
#include <vector>

namespace annotomy {

// Where buffers lie in one piece of memory when it is known from which step to which each is needed: those that never
// meet share their place (greedy by size: Pisarchyk and Lee 2020).
class ArenaPlan {
public:
    // A buffer of `size` (any unit), needed by no step yet; its number counts from 0.
    int add(std::size_t size);
    // Keeps a buffer's contents from its first to its last use.
    void use(int buffer, int step);
    // Gives every used buffer an offset, a multiple of `alignment`.
    void place(std::size_t alignment);

    std::size_t offset(int buffer) const { return m_buffers[static_cast<std::size_t>(buffer)].offset; }
    std::size_t total() const { return m_total; } // after place()

private:
    struct Buffer {
        std::size_t size = 0, offset = 0;
        int first = -1, last = -1; // steps
    };
    // The lowest offset where `buffer` meets none of `placed` (sorted by offset) that is needed at the same time.
    static std::size_t freeOffset(const Buffer& buffer, const std::vector<const Buffer*>& placed);

    std::vector<Buffer> m_buffers;
    std::size_t m_total = 0;
};

} // namespace annotomy
