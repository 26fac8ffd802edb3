// What the database and the label files hold: encoded edits and masks. The first byte says whether the rest is the encoded
// bytes as they are, or what is to be packed with the right checksum, so that the mutations come through.
#include "core/edit/codec_stream.h"
#include "core/edit/document.h"
#include "tests/fuzz/support/checks.h"
#include "tests/fuzz/support/grids.h"
#include "tests/fuzz/support/input_files.h"

#include <algorithm>

using namespace annotomy;

namespace {

std::vector<std::byte> packed(fuzz::Bytes payload, std::string_view magic)
{
    CodecWriter writer;
    for (const std::uint8_t byte : payload)
        writer.byte(byte);
    return writer.compressed(magic, 1);
}

// Performs it on an empty mask, as opening a case does.
void checkEdit(std::span<const std::byte> bytes)
{
    const VolumeGeometry grid = fuzz::evenGrid();
    const auto edit = decodeEdit(bytes, grid);
    if (!edit)
        return;
    const auto again = decodeEdit(encodeEdit(*edit), grid);
    FUZZ_CHECK(again && *again == *edit);
    Document document({}, LabelMap(grid));
    if (!document.restoreHistory({*edit}, 1))
        return;
    document.undo();
    const LabelMap& labels = document.labels();
    for (int layer = 0; layer < labels.layerCount(); ++layer)
        FUZZ_CHECK(std::ranges::all_of(labels.layer(layer), [](std::uint8_t label) { return label == background; }));
}

void checkMask(std::span<const std::byte> bytes)
{
    const auto labels = decodeLabelMap(bytes);
    if (!labels || labels->geometry().voxelCount() > 1 << 16)
        return;
    const auto again = decodeLabelMap(encodeLabelMap(*labels));
    FUZZ_CHECK(again && *again == *labels);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return -1;
    const fuzz::Bytes rest{data + 1, size - 1};
    switch (data[0]) {
    case 'E':
        checkEdit(packed(rest, "ANED"));
        return 0;
    case 'M':
        checkMask(packed(rest, "ANLM"));
        return 0;
    case 'e':
        checkEdit(std::as_bytes(rest));
        return 0;
    case 'm':
        checkMask(std::as_bytes(rest));
        return 0;
    default:
        return -1;
    }
}
