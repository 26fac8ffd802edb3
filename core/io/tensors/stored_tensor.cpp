#include "core/io/tensors/stored_tensor.h"

#include "core/io/bytes/regular_file.h"
#include "core/io/scan/zip_archive.h"
#include "core/io/tensors/safetensors.h"
#include "core/io/tensors/torch_weights.h"

#include <algorithm>
#include <array>

namespace annotomy {

std::size_t sizeOf(TensorType type)
{
    switch (type) {
    case TensorType::Float64:
    case TensorType::Int64:
        return 8;
    case TensorType::Float32:
    case TensorType::Int32:
        return 4;
    case TensorType::Float16:
    case TensorType::BFloat16:
    case TensorType::Int16:
        return 2;
    default:
        return 1;
    }
}

std::optional<std::uint64_t> elementCount(const std::vector<std::int64_t>& shape, std::uint64_t most)
{
    if (std::any_of(shape.begin(), shape.end(), [](std::int64_t edge) { return edge < 0; }))
        return std::nullopt;
    if (std::find(shape.begin(), shape.end(), 0) != shape.end())
        return 0;
    std::uint64_t count = 1;
    for (const std::int64_t edge : shape) {
        if (static_cast<std::uint64_t>(edge) > most / count)
            return std::nullopt;
        count *= static_cast<std::uint64_t>(edge);
    }
    return count;
}

Result<std::vector<StoredTensor>> readTensors(const std::string& path)
{
    const auto file = RegularFile::open(path);
    if (!file)
        return file.error();
    std::array<std::byte, 16> first{};
    const std::size_t known = static_cast<std::size_t>(std::min<std::uint64_t>(first.size(), (*file)->size()));
    if (const auto read = (*file)->readAt(0, std::span(first).first(known)); !read)
        return read.error();
    if (looksLikeZip(first))
        return readTorchWeights(path);
    if (looksLikeSafetensors(first))
        return readSafetensors(path);
    if (first[0] == std::byte{0x80} && first[1] <= std::byte{5})
        return Error{ErrorCode::Unsupported, path,
                     "it was saved by PyTorch before 1.6; open it there and save it again with a newer one"};
    return Error{ErrorCode::Unrecognised, path, "the file is no model: neither PyTorch's nor safetensors"};
}

} // namespace annotomy
