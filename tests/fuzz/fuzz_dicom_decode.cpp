// DICOM files from header to voxels, as they lie on the disk.
#include "tests/fuzz/support/decode_all.h"
#include "tests/fuzz/support/input_files.h"

using namespace annotomy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::InputFiles files;
    const auto scan = scanPaths(files.writeParts({"1.dcm", "2.dcm"}, {data, size}));
    if (scan)
        fuzz::decodeAll(*scan);
    return 0;
}
