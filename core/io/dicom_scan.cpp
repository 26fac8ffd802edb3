#include "core/io/scan_file.h"

#include "core/io/dicom_seg.h"
#include "core/io/foreign_file.h"

namespace annotomy {

namespace {

ScannedFile skippedFile(const std::string& path, ErrorCode code, const std::string& detail)
{
    ScannedFile scanned;
    scanned.skipped = SkippedFile{path, code, detail};
    return scanned;
}

} // namespace

ScannedFile scanDicomFile(const std::string& path, std::vector<std::byte> begin, std::uint64_t fileBytes)
{
    const ForeignFile current(path);
    const auto file = readDicomHeader(path, std::move(begin), fileBytes);
    if (!file)
        return skippedFile(path, file.error().code, file.error().detail);
    ScannedFile result;
    const DicomNature nature = natureOf(*file);
    if (nature.kind == DicomKind::StructureSet) {
        result.mask = MaskFile{path, "rtstruct", referencedSeriesUid(file->dataSet)};
        return result;
    }
    if (nature.kind == DicomKind::Segmentation) {
        result.mask = MaskFile{path, "dicom-seg", segmentedSeriesUid(file->dataSet)};
        return result;
    }
    if (nature.kind == DicomKind::Other)
        return skippedFile(path, ErrorCode::NoImage, nature.reason);
    auto image = imageFileOf(*file, path);
    if (!image)
        return skippedFile(path, image.error().code, image.error().detail);
    result.image = std::move(*image);
    return result;
}

} // namespace annotomy
