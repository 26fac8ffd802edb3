#pragma once

#include "viewer/tool.h"

#include <functional>
#include <utility>

namespace annotomy {

// A click chooses the seed of a flood fill, which its owner runs in the background.
class SeedTool : public Tool {
public:
    explicit SeedTool(std::function<void(const SlicePoint&)> chosen) : m_chosen(std::move(chosen)) {}

    void press(const SlicePoint& point) override { m_chosen(point); }
    void move(const SlicePoint&) override {}
    void release(const SlicePoint&) override {}

private:
    std::function<void(const SlicePoint&)> m_chosen;
};

} // namespace annotomy
