#include "core/edit/edit.h"
#include "core/io/bytes/atomic_file.h"
#include "core/io/volume_file.h"

namespace annotomy {

namespace {

constexpr std::size_t maxLabelFileBytes = std::size_t{4} << 30;

} // namespace

Result<void> writeLabelFile(const std::string& path, const LabelMap& labels)
{
    return writeFileAtomically(path, encodeLabelMap(labels));
}

Result<LabelMap> readLabelFile(const std::string& path)
{
    const auto bytes = readWholeFile(path, maxLabelFileBytes);
    if (!bytes)
        return bytes.error();
    auto labels = decodeLabelMap(*bytes);
    if (!labels)
        return Error{labels.error().code, path, labels.error().detail};
    return labels;
}

} // namespace annotomy
