// What describes the collections of others: LIDC's annotations, COCO's masks, and a data set's own JSON. The first byte
// chooses.
#include "core/datasets/coco_rle.h"
#include "core/datasets/dataset.h"
#include "core/datasets/dataset_description.h"
#include "core/datasets/lidc_xml.h"
#include "tests/fuzz/support/grids.h"
#include "tests/fuzz/support/input_files.h"

using namespace annotomy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::InputFiles files;
    if (size == 0)
        return -1;
    const fuzz::Bytes rest{data + 1, size - 1};
    const std::string text(rest.begin(), rest.end());
    switch (data[0]) {
    case 'L':
        if (const auto annotations = readLidcXml(files.write("lidc.xml", rest)))
            std::ignore = rasterised(*annotations, fuzz::evenGrid());
        return 0;
    case 'C':
        if (const auto slices = cocoSlices(text))
            for (const CocoSlice& slice : *slices)
                for (const CocoSlice::Part& part : slice.parts)
                    if (std::int64_t{part.mask.width} * part.mask.height <= 1 << 18)
                        std::ignore = pixelsOf(part.mask);
        return 0;
    case 'D':
        std::ignore = datasetFromJson(text);
        return 0;
    default:
        return -1;
    }
}
