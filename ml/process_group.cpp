#include "ml/internal/process_group.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cstring>

namespace annotomy {

namespace {

class GroupOfOne : public ProcessGroup {
public:
    GroupOfOne() : ProcessGroup(GroupPlace{}) {}

private:
    void reduce(at::Tensor&) override {}
    void broadcast(at::Tensor&, int) override {}
};

at::Tensor flattened(const std::vector<at::Tensor>& tensors)
{
    std::vector<at::Tensor> rows;
    for (const at::Tensor& t : tensors)
        rows.push_back(t.detach().reshape({-1}));
    return at::cat(rows);
}

void unflatten(const at::Tensor& flat, const std::vector<at::Tensor>& tensors)
{
    const at::NoGradGuard noGrad;
    std::int64_t from = 0;
    for (const at::Tensor& t : tensors) {
        t.detach().copy_(flat.narrow(0, from, t.numel()).view(t.sizes()));
        from += t.numel();
    }
}

// Errors travel as "code subject-length subject detail".
std::string packed(const Error& error)
{
    return std::to_string(static_cast<int>(error.code)) + ' ' + std::to_string(error.subject.size()) + ' ' + error.subject
        + error.detail;
}

Error unpacked(const std::string& text)
{
    char* end = nullptr;
    const auto code = static_cast<ErrorCode>(std::strtol(text.c_str(), &end, 10));
    const auto length = static_cast<std::size_t>(std::strtol(end, &end, 10));
    const std::string rest = text.substr(std::min(text.size(), static_cast<std::size_t>(end - text.c_str()) + 1));
    return {code, rest.substr(0, length), rest.substr(std::min(length, rest.size()))};
}

} // namespace

ProcessGroup& ProcessGroup::alone()
{
    static GroupOfOne group;
    return group;
}

void ProcessGroup::exchange(const std::vector<at::Tensor>& tensors, std::optional<int> from)
{
    if (world() == 1 || tensors.empty())
        return;
    at::Tensor flat = flattened(tensors);
    try {
        if (from)
            broadcast(flat, *from);
        else
            reduce(flat);
    } catch (const std::exception&) {
        throw GroupFailure("another process of the training has ended or cannot be reached any more");
    }
    unflatten(flat, tensors);
}

void ProcessGroup::sum(const std::vector<at::Tensor>& tensors)
{
    exchange(tensors, std::nullopt);
}

void ProcessGroup::takeFirst(const std::vector<at::Tensor>& tensors)
{
    exchange(tensors, 0);
}

std::vector<at::Tensor> ProcessGroup::differentiableSums(const std::vector<at::Tensor>& own)
{
    if (world() == 1)
        return own;
    std::vector<at::Tensor> sums;
    for (const at::Tensor& t : own)
        sums.push_back(t.detach().clone());
    sum(sums);
    for (std::size_t n = 0; n < own.size(); ++n)
        sums[n] = sums[n] + (own[n] - own[n].detach()); // exactly the sum: the second term is 0
    return sums;
}

double ProcessGroup::ofFirst(double value)
{
    if (world() == 1)
        return value;
    const at::Tensor number = at::full({1}, value, at::kDouble);
    takeFirst({number});
    return number.item<double>();
}

std::string ProcessGroup::textOf(int rank, const std::string& text)
{
    if (world() == 1)
        return text;
    const bool mine = rank == m_place.rank;
    const at::Tensor length = at::full({1}, mine ? static_cast<std::int64_t>(text.size()) : 0, at::kLong);
    exchange({length}, rank);
    std::string result(static_cast<std::size_t>(length.item<std::int64_t>()), '\0');
    if (result.empty())
        return result;
    if (mine)
        result = text;
    const at::Tensor bytes = at::from_blob(result.data(), {static_cast<std::int64_t>(result.size())}, at::kByte);
    exchange({bytes}, rank);
    return result;
}

Result<void> ProcessGroup::agreed(const Result<void>& own)
try {
    if (world() == 1)
        return own;
    const at::Tensor failed = at::zeros({world()}, at::kLong);
    failed[rank()] = own ? 0 : 1;
    sum({failed});
    for (int n = 0; n < world(); ++n) {
        if (failed[n].item<std::int64_t>() != 0)
            return unpacked(textOf(n, own ? std::string() : packed(own.error())));
    }
    return {};
} catch (const GroupFailure& e) {
    return own ? Error{ErrorCode::WorkerDied, "the training", e.what()} : own.error();
}

Result<std::string> textOfFirst(ProcessGroup& group, const std::string& text)
try {
    return group.ofFirst(text);
} catch (const GroupFailure& e) {
    return Error{ErrorCode::WorkerDied, "the training", e.what()};
}

} // namespace annotomy
