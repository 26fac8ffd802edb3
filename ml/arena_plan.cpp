#include "ml/internal/arena_plan.h"

#include <algorithm>

namespace annotomy {

int ArenaPlan::add(std::size_t size)
{
    m_buffers.push_back({size});
    return static_cast<int>(m_buffers.size()) - 1;
}

void ArenaPlan::use(int buffer, int step)
{
    Buffer& used = m_buffers[static_cast<std::size_t>(buffer)];
    used.first = used.first < 0 ? step : std::min(used.first, step);
    used.last = std::max(used.last, step);
}

void ArenaPlan::place(std::size_t alignment)
{
    std::vector<Buffer*> bySize;
    for (Buffer& buffer : m_buffers)
        if (buffer.first >= 0) {
            buffer.size = (buffer.size + alignment - 1) / alignment * alignment;
            bySize.push_back(&buffer);
        }
    std::stable_sort(bySize.begin(), bySize.end(), [](const Buffer* a, const Buffer* b) { return a->size > b->size; });
    std::vector<const Buffer*> placed;
    m_total = 0;
    for (Buffer* buffer : bySize) {
        buffer->offset = freeOffset(*buffer, placed);
        m_total = std::max(m_total, buffer->offset + buffer->size);
        const auto lower = [](const Buffer* a, const Buffer* b) { return a->offset < b->offset; };
        placed.insert(std::upper_bound(placed.begin(), placed.end(), buffer, lower), buffer);
    }
}

std::size_t ArenaPlan::freeOffset(const Buffer& buffer, const std::vector<const Buffer*>& placed)
{
    std::size_t offset = 0;
    for (const Buffer* other : placed) {
        const bool meets = other->first <= buffer.last && buffer.first <= other->last;
        if (!meets || other->offset + other->size <= offset)
            continue;
        if (offset + buffer.size <= other->offset)
            break;
        offset = other->offset + other->size;
    }
    return offset;
}

} // namespace annotomy
