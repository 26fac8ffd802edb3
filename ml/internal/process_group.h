#pragma once

#include "ml/distributed.h"

#include <ATen/core/Tensor.h>

#include <optional>
#include <stdexcept>
#include <vector>

namespace annotomy {

// Thrown by everything that processes do together when one of them has ended or is silent. For the one catch at the edge of
// each job; what() is a sentence.
class GroupFailure : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Processes that train together. All call the same functions in the same order with tensors of the same shapes; each returns
// when all have called it. A process on its own is a group of one, for which they cost nothing.
class ProcessGroup {
public:
    static ProcessGroup& alone();
    virtual ~ProcessGroup() = default;

    const GroupPlace& place() const { return m_place; }
    int world() const { return m_place.world; }
    int rank() const { return m_place.rank; }
    bool isFirst() const { return m_place.rank == 0; }

    // Sums over the processes, in place. The tensors share type and device.
    void sum(const std::vector<at::Tensor>& tensors);
    // Process 0's values, in place. The tensors share type and device.
    void takeFirst(const std::vector<at::Tensor>& tensors);

    // Sums over the processes, whose derivative is that of this process's own part: when every process derives the same function
    // of such sums, the sum of their gradients is the function's gradient.
    std::vector<at::Tensor> differentiableSums(const std::vector<at::Tensor>& own);

    double ofFirst(double value);
    std::string ofFirst(const std::string& text) { return textOf(0, text); }

    // Success where every process has succeeded; else, at all of them, the error of the first that has not.
    Result<void> agreed(const Result<void>& own);

protected:
    explicit ProcessGroup(GroupPlace place) : m_place(std::move(place)) {}

private:
    // Of one-dimensional tensors, in place; throw whatever they like.
    virtual void reduce(at::Tensor& flat) = 0;
    virtual void broadcast(at::Tensor& flat, int from) = 0;

    std::string textOf(int rank, const std::string& text);
    void exchange(const std::vector<at::Tensor>& tensors, std::optional<int> from); // from none: the sums

    GroupPlace m_place;
};

} // namespace annotomy
