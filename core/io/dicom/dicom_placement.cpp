#include "core/io/dicom/dicom_placement.h"

#include "core/io/dicom/dicom_tags.h"

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

namespace own {
constexpr DicomTag spacingBetweenSlices = 0x00180088, imagerPixelSpacing = 0x00181164,
                   scannedPixelSpacing = 0x00182010, ultrasoundRegions = 0x00186011, unitsX = 0x00186024,
                   unitsY = 0x00186026, deltaX = 0x0018602C, deltaY = 0x0018602E, detectors = 0x00540022,
                   sliceVector = 0x00540080;
} // namespace own

constexpr double leastSpacing = 1e-4, mostSpacing = 1e3; // mm

bool isSpacing(double mm)
{
    return mm > leastSpacing && mm < mostSpacing;
}

// DICOM gives spacings as (between rows, between columns), which is (j, i).
bool readPair(const DicomDataSet& set, DicomTag tag, DicomSlice& slice)
{
    const auto spacing = set.numbers(tag);
    if (spacing.size() != 2 || !isSpacing(spacing[0]) || !isSpacing(spacing[1]))
        return false;
    slice.spacingJ = spacing[0];
    slice.spacingI = spacing[1];
    return true;
}

// The only region of an ultrasound image, when it is calibrated in centimetres.
bool readUltrasoundRegion(const DicomDataSet& set, DicomSlice& slice)
{
    constexpr int centimetres = 3;
    const auto& regions = set.items(own::ultrasoundRegions);
    if (regions.size() != 1 || regions[0].integer(own::unitsX) != centimetres ||
        regions[0].integer(own::unitsY) != centimetres)
        return false;
    const double i = 10 * std::abs(regions[0].number(own::deltaX).value_or(0)),
                 j = 10 * std::abs(regions[0].number(own::deltaY).value_or(0));
    if (!isSpacing(i) || !isSpacing(j))
        return false;
    slice.spacingI = i;
    slice.spacingJ = j;
    return true;
}

bool isProjection(const std::string& modality)
{
    static constexpr std::array projections{"CR", "DX", "MG", "XA", "RF", "IO", "PX", "DR"};
    return std::any_of(projections.begin(), projections.end(), [&](const char* m) { return modality == m; });
}

// Distance of the frames of a stack without positions: the only case in which the header's word is taken.
double statedSpacing(const DicomDataSet& set)
{
    for (const DicomTag t : {own::spacingBetweenSlices, tag::sliceThickness})
        if (const double spacing = std::abs(set.number(t).value_or(0)); isSpacing(spacing))
            return spacing;
    return 0;
}

Vec3 normalOf(const DicomSlice& slice)
{
    return cross(slice.rowAxis, slice.columnAxis);
}

// mm along the normal of every frame, where the header places them.
std::vector<double> frameOffsets(const DicomDataSet& set, DicomSlice& slice, int count)
{
    const DicomDataSet* detector = set.firstItem(own::detectors);
    for (const DicomDataSet* place : {&set, detector}) {
        const auto position = place ? positionOf(*place) : std::nullopt;
        if (!position || !readOrientation(*place, slice))
            continue;
        slice.position = *position;
        const double spacing = set.number(own::spacingBetweenSlices).value_or(statedSpacing(set));
        const auto numbers = set.numbers(own::sliceVector);
        std::vector<double> offsets;
        for (int frame = 0; frame < count && isSpacing(std::abs(spacing)); ++frame)
            offsets.push_back(spacing * (numbers.size() == static_cast<std::size_t>(count)
                                             ? numbers[static_cast<std::size_t>(frame)] - numbers.front()
                                             : frame));
        return offsets;
    }
    return {};
}

void standForItself(DicomSlice& slice)
{
    slice.placeKnown = false;
    slice.rowAxis = {1, 0, 0};
    slice.columnAxis = {0, 1, 0};
    slice.position = {};
}

} // namespace

bool readOrientation(const DicomDataSet& set, DicomSlice& slice)
{
    const auto cosines = set.numbers(tag::orientation);
    if (cosines.size() != 6)
        return false;
    const Vec3 row{cosines[0], cosines[1], cosines[2]}, column{cosines[3], cosines[4], cosines[5]};
    const double lengths = length(row) * length(column);
    if (!(std::abs(length(row) - 1) < 0.01 && std::abs(length(column) - 1) < 0.01) ||
        !(std::abs(dot(row, column)) < 0.01 * lengths))
        return false;
    slice.rowAxis = normalised(row);
    slice.columnAxis = normalised(column);
    return true;
}

std::optional<Vec3> positionOf(const DicomDataSet& set)
{
    constexpr double farthestMm = 1e7;
    const auto position = set.vector(tag::position);
    const auto isNear = [](double v) { return std::abs(v) < farthestMm; };
    return position && std::all_of(position->begin(), position->end(), isNear) ? position : std::nullopt;
}

void readSpacing(const DicomDataSet& set, DicomSlice& slice)
{
    const bool isGiven = readPair(set, tag::pixelSpacing, slice);
    const bool isDetectors = !isGiven && readPair(set, own::imagerPixelSpacing, slice);
    slice.spacingKnown = isGiven || isDetectors || readPair(set, own::scannedPixelSpacing, slice) ||
                         readUltrasoundRegion(set, slice);
    // PS3.3 10.7.1.3: equal to the detector's, Pixel Spacing was not corrected for magnification.
    const bool isUncorrected = isProjection(set.text(tag::modality)) && set.has(own::imagerPixelSpacing) &&
                               set.text(own::imagerPixelSpacing) == set.text(tag::pixelSpacing);
    slice.detectorSpacing = isDetectors || isUncorrected;
    slice.thickness = std::max(0.0, set.number(tag::sliceThickness).value_or(0));
}

std::vector<DicomSlice> stackedFrames(const DicomDataSet& set, const DicomSlice& common, int count)
{
    DicomSlice slice = common;
    slice.frameCount = count;
    readSpacing(set, slice);
    auto offsets = frameOffsets(set, slice, count);
    const bool isPlaced = offsets.size() == static_cast<std::size_t>(count);
    double apart = 1;
    if (!isPlaced) {
        standForItself(slice);
        apart = isSpacing(statedSpacing(set)) ? statedSpacing(set) : 1;
        slice.stackSpacingKnown = isSpacing(statedSpacing(set));
    }
    slice.isWholeStack = true;
    const Vec3 first = slice.position;
    std::vector<DicomSlice> slices;
    for (int frame = 0; frame < count; ++frame) {
        slice.frame = frame;
        slice.instanceNumber = frame;
        slice.position = first + (isPlaced ? offsets[static_cast<std::size_t>(frame)] : apart * frame) * normalOf(slice);
        slices.push_back(slice);
        slices.back().sopInstanceUid += "#" + std::to_string(frame);
    }
    return slices;
}

void placeUnknown(const DicomDataSet& set, DicomSlice& slice)
{
    static constexpr std::array stacked{"CT", "MR", "PT", "NM"};
    const std::string modality = set.text(tag::modality);
    standForItself(slice);
    const bool isOfStack = std::any_of(stacked.begin(), stacked.end(), [&](const char* m) { return modality == m; });
    slice.isWholeStack = !isOfStack;
    slice.stackSpacingKnown = false;
    constexpr int farthest = 1000000;
    if (isOfStack)
        slice.position[2] = std::clamp(slice.instanceNumber, -farthest, farthest);
}

} // namespace annotomy
