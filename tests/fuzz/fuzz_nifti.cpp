// NIfTI files, alone or as a pair of header and voxels: headers, voxels, and what becomes of them as a mask.
#include "core/io/masks/mask_file.h"
#include "core/io/plain/nifti.h"
#include "tests/fuzz/support/checks.h"
#include "tests/fuzz/support/input_files.h"
#include "tests/fuzz/support/plain_image_check.h"

using namespace annotomy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::InputFiles files;
    const bool isPair = fuzz::partsOf({data, size}, 2).size() == 2;
    const auto paths = isPair ? files.writeParts({"image.hdr", "image.img"}, {data, size})
                              : std::vector{files.write("image.nii", {data, size})};
    const auto entry = scanNifti(paths.front());
    fuzz::checkPlainImage(entry, [&] { return readNifti(paths.front()); });
    return 0;
}
