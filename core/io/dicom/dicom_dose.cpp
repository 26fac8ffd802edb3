#include "core/io/dicom/dicom_dose.h"

#include "core/io/dicom/dicom_tags.h"

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

constexpr DicomTag frameOffsets = 0x3004000C, doseScaling = 0x3004000E, doseUnits = 0x30040002;

// Distances from the first frame. They begin with 0; older files give positions along the patient's axis
// instead, which begin with that of the first frame.
std::vector<double> offsetsOf(const DicomDataSet& set)
{
    auto offsets = set.numbers(frameOffsets);
    const double first = offsets.empty() ? 0 : offsets.front();
    for (double& offset : offsets)
        offset -= first;
    return offsets;
}

} // namespace

bool isDose(const DicomDataSet& set)
{
    return set.text(tag::modality) == "RTDOSE" ||
           set.text(tag::sopClassUid) == "1.2.840.10008.5.1.4.1.1.481.2";
}

Rescale doseRescale(const DicomDataSet& set)
{
    const double scaling = set.number(doseScaling).value_or(1);
    return {scaling > 0 ? scaling : 1, 0};
}

Result<std::vector<DicomSlice>> doseFrames(const DicomDataSet& set, const DicomSlice& first, int frames)
{
    constexpr double farthestMm = 1e6;
    const auto offsets = offsetsOf(set);
    const auto isNear = [](double v) { return std::abs(v) < farthestMm; };
    if (offsets.size() != static_cast<std::size_t>(frames) ||
        !std::all_of(offsets.begin(), offsets.end(), isNear))
        return Error{ErrorCode::Unsupported, first.path, "a dose grid whose frames do not say where they lie"};
    std::vector<DicomSlice> slices(static_cast<std::size_t>(frames), first);
    for (int frame = 0; frame < frames; ++frame) {
        DicomSlice& slice = slices[static_cast<std::size_t>(frame)];
        slice.frame = frame;
        slice.frameCount = frames;
        slice.instanceNumber = frame;
        slice.rescale = doseRescale(set);
        slice.position = first.position + offsets[static_cast<std::size_t>(frame)] *
                                              cross(first.rowAxis, first.columnAxis);
        slice.sopInstanceUid += "#" + std::to_string(frame);
    }
    return slices;
}

std::string doseUnit(const DicomDataSet& set)
{
    return set.text(doseUnits) == "GY" ? "Gy" : "";
}

} // namespace annotomy
