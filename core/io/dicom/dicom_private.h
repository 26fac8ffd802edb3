#pragma once

#include "core/io/dicom/dicom_data_set.h"

#include <string_view>

namespace annotomy {

// Where a private element lies: `tag` is as if its creator had reserved block 10 of the group (PS3.5, 7.8). 0, which no
// data set has, when the creator is not there. Internal to core/io.
inline DicomTag privateTag(const DicomDataSet& set, DicomTag tag, std::string_view creator)
{
    const DicomTag group = tag & 0xFFFF0000U, element = tag & 0xFFU;
    for (DicomTag block = 0x10; block < 0x20; ++block)
        if (set.text(group | block).starts_with(creator))
            return group | block << 8 | element;
    return 0;
}

} // namespace annotomy
