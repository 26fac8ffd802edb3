// MetaImage files with attached or detached voxels: headers, voxels, and what becomes of them as a mask.
#include "core/io/plain/metaimage.h"
#include "tests/fuzz/support/input_files.h"
#include "tests/fuzz/support/plain_image_check.h"

using namespace annotomy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::InputFiles files;
    const auto paths = files.writeParts({"image.mhd", "image.raw"}, {data, size});
    const auto entry = scanMetaImage(paths.front());
    fuzz::checkPlainImage(entry, [&] { return readMetaImage(paths.front()); });
    return 0;
}
