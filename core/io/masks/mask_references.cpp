#include "core/io/masks/mask_references.h"

#include "core/io/dicom/dicom_slice.h"
#include "core/io/dicom/dicom_tags.h"

#include <algorithm>

namespace annotomy {

namespace {

void add(const std::string& uid, std::vector<std::string>& uids)
{
    if (!uid.empty() && std::find(uids.begin(), uids.end(), uid) == uids.end())
        uids.push_back(uid);
}

} // namespace

MaskReferences maskReferencesOf(const DicomFile& file)
{
    MaskReferences named;
    const DicomDataSet& set = file.dataSet;
    const DicomKind kind = natureOf(file).kind;
    if (kind != DicomKind::Segmentation && kind != DicomKind::StructureSet)
        return named;
    add(set.text(tag::frameOfReferenceUid), named.frameOfReferenceUids);
    for (const DicomDataSet& series : set.items(tag::referencedSeriesSequence))
        add(series.text(tag::seriesUid), named.seriesUids);
    for (const DicomDataSet& frame : set.items(tag::referencedFrames)) {
        add(frame.text(tag::frameOfReferenceUid), named.frameOfReferenceUids);
        for (const DicomDataSet& study : frame.items(tag::referencedStudies))
            for (const DicomDataSet& series : study.items(tag::referencedSeries))
                add(series.text(tag::seriesUid), named.seriesUids);
    }
    for (const DicomDataSet& roi : set.items(tag::structureSetRois))
        add(roi.text(tag::referencedFrameUid), named.frameOfReferenceUids);
    return named;
}

} // namespace annotomy
