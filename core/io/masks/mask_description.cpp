#include "core/io/masks/mask_description.h"

#include "core/io/bytes/foreign_file.h"
#include "core/io/dicom/character_set.h"
#include "core/io/dicom/dicom_slice.h"
#include "core/io/dicom/dicom_tags.h"
#include "core/io/masks/dicom_seg.h"
#include "core/io/masks/mask_references.h"
#include "core/io/masks/rtstruct.h"
#include "core/io/masks/seg_nrrd.h"

#include <algorithm>

namespace annotomy {

namespace {

void addHeader(const DicomFile& file, MaskDescription& mask)
{
    const DicomDataSet& set = file.dataSet;
    const auto characterSets = set.texts(tag::specificCharacterSet);
    mask.patientName = utf8FromDicom(set.text(tag::patientName), characterSets, TextKind::PersonName);
    mask.patientId = utf8FromDicom(set.text(tag::patientId), characterSets);
    MaskReferences named = maskReferencesOf(file);
    mask.seriesUids = std::move(named.seriesUids);
    mask.frameOfReferenceUids = std::move(named.frameOfReferenceUids);
}

Result<MaskDescription> ofSegmentation(const std::string& path)
{
    const auto segmentation = readSegmentation(path);
    if (!segmentation)
        return segmentation.error();
    MaskDescription mask{path, "dicom-seg"};
    addHeader(segmentation->file, mask);
    mask.type = segmentation->file.dataSet.text(tag::segmentationType);
    mask.pieces = static_cast<int>(segmentation->frames.size());
    for (const Segment& segment : segmentation->segments) {
        const auto isOf = [&](const SegmentationFrame& frame) { return frame.segment == segment.fileValue; };
        mask.parts.push_back({segment, static_cast<int>(std::count_if(segmentation->frames.begin(),
                                                                      segmentation->frames.end(), isOf))});
    }
    if (const auto grid = gridOf(*segmentation, path))
        mask.grid = *grid;
    return mask;
}

Segment segmentOf(const RtRoi& roi, std::size_t place)
{
    Segment segment;
    segment.number = static_cast<SegmentNumber>(std::min<std::size_t>(place + 1, 255));
    segment.fileValue = roi.number;
    segment.name = roi.name;
    segment.colour = roi.hasColour ? roi.colour : paletteColour(segment.number);
    segment.type = roi.type;
    segment.algorithmType = roi.algorithmType;
    return segment;
}

Result<MaskDescription> ofStructureSet(const std::string& path, const DicomFile& header)
{
    const auto structures = readRtStructureSet(path);
    if (!structures)
        return structures.error();
    MaskDescription mask{path, "rtstruct"};
    addHeader(header, mask);
    for (const RtRoi& roi : structures->rois) {
        mask.parts.push_back({segmentOf(roi, mask.parts.size()), static_cast<int>(roi.contours.size())});
        mask.pieces += mask.parts.back().pieces;
    }
    return mask;
}

Result<MaskDescription> ofSegNrrd(const std::string& path)
{
    const auto labels = readSegNrrd(path);
    if (!labels)
        return labels.error();
    MaskDescription mask{path, "seg-nrrd"};
    mask.grid = labels->geometry();
    for (const Segment& segment : labels->segments().segments())
        mask.parts.push_back({segment, 0});
    return mask;
}

} // namespace

Result<MaskDescription> describeMask(const std::string& path)
{
    const ForeignFile current(path);
    const Error none{ErrorCode::Unrecognised, path, "it does not say that it is a mask"};
    const auto header = readDicomFile(path, DicomExtent::Header);
    if (!header)
        return isSegNrrd(path) ? ofSegNrrd(path) : none;
    switch (natureOf(*header).kind) {
    case DicomKind::Segmentation: return ofSegmentation(path);
    case DicomKind::StructureSet: return ofStructureSet(path, *header);
    case DicomKind::Image:
    case DicomKind::Other: break;
    }
    return none;
}

} // namespace annotomy
