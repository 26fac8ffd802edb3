#include "core/io/scan/scan_file.h"

#include "core/io/bytes/foreign_file.h"
#include "core/io/dicom/character_set.h"
#include "core/io/dicom/dicom_tags.h"
#include "core/io/masks/dicom_seg.h"

namespace annotomy {

namespace {

ScannedFile skippedFile(const std::string& path, ErrorCode code, const std::string& detail)
{
    ScannedFile scanned;
    scanned.skipped = SkippedFile{path, code, detail};
    return scanned;
}

// What tells which image a mask belongs to.
MaskFile maskOf(const DicomDataSet& set, DicomKind kind, const std::string& path)
{
    const bool isContours = kind == DicomKind::StructureSet;
    MaskFile mask{path, isContours ? "rtstruct" : "dicom-seg",
                  isContours ? referencedSeriesUid(set) : segmentedSeriesUid(set)};
    mask.frameOfReferenceUid = set.text(tag::frameOfReferenceUid);
    const DicomDataSet* roi = set.firstItem(tag::structureSetRois);
    if (isContours && roi && mask.frameOfReferenceUid.empty())
        mask.frameOfReferenceUid = roi->text(tag::referencedFrameUid);
    mask.patientId = utf8FromDicom(set.text(tag::patientId), set.texts(tag::specificCharacterSet));
    if (!isContours)
        mask.firstPlane = firstPlaneOf(set);
    return mask;
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
    if (nature.kind == DicomKind::StructureSet || nature.kind == DicomKind::Segmentation) {
        result.mask = maskOf(file->dataSet, nature.kind, path);
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
