// Pixel data alone: six bytes choose the image's format and transfer syntax, the rest are its fragments or native
// voxels, in a file that is sound otherwise.
#include "tests/fuzz/support/decode_all.h"
#include "tests/fuzz/support/image_file.h"
#include "tests/fuzz/support/input_files.h"

using namespace annotomy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::InputFiles files;
    const std::string file = fuzz::imageFile({data, size});
    if (file.empty())
        return -1;
    const std::string path =
        files.write("image.dcm", {reinterpret_cast<const std::uint8_t*>(file.data()), file.size()});
    const auto scan = scanPaths({path});
    if (scan)
        fuzz::decodeAll(*scan);
    return 0;
}
