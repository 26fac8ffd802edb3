#include "core/io/dicom/character_set.h"
#include "core/io/dicom/dicom_slice.h"
#include "core/io/dicom/dicom_tags.h"
#include "core/io/masks/rtstruct.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace annotomy {

namespace {

// Points of a closed planar contour; empty when it is another kind of contour or has no area.
std::vector<Vec3> pointsOf(const DicomDataSet& contour, std::string& whyNot)
{
    const std::string type = contour.text(tag::contourType);
    if (type != "CLOSED_PLANAR" && type != "CLOSEDPLANAR_XOR") {
        whyNot = "of type " + (type.empty() ? "unknown" : type);
        return {};
    }
    const auto numbers = contour.numbers(tag::contourData);
    if (numbers.size() < 9) {
        whyNot = "without three points";
        return {};
    }
    std::vector<Vec3> points;
    for (std::size_t n = 0; n < numbers.size(); n += 3)
        points.push_back({numbers[n], numbers[n + 1], numbers[n + 2]});
    return points;
}

// Whether the coordinates are numbers, three for each point: a contour must not vanish for a slip of the pen.
bool isReadable(const DicomDataSet& contour)
{
    const std::size_t count = contour.numbers(tag::contourData).size();
    return count % 3 == 0 && (count > 0 || contour.text(tag::contourData).empty());
}

Result<void> readContours(const DicomDataSet& roiContours, RtRoi& roi, std::vector<std::string>& skipped)
{
    const auto colour = roiContours.numbers(tag::roiColour);
    const auto channel = [&](std::size_t c) {
        return static_cast<std::uint8_t>(std::clamp(colour[c], 0.0, 255.0));
    };
    if (colour.size() == 3) {
        roi.colour = {channel(0), channel(1), channel(2)};
        roi.hasColour = true;
    }
    std::map<std::string, int> leftOut; // by reason
    for (const DicomDataSet& contour : roiContours.items(tag::contours)) {
        if (!isReadable(contour))
            return Error{
                ErrorCode::Malformed, {}, "ROI \"" + roi.name + "\": a contour with unreadable coordinates"};
        std::string whyNot;
        auto points = pointsOf(contour, whyNot);
        if (points.empty())
            ++leftOut[whyNot];
        else
            roi.contours.push_back({std::move(points)});
    }
    for (const auto& [why, count] : leftOut)
        skipped.push_back("ROI \"" + roi.name + "\": " + std::to_string(count) + (count == 1 ? " contour " : " contours ") + why +
                          " left out");
    return {};
}

} // namespace

Result<RtStructureSet> readRtStructureSet(const std::string& path)
{
    const auto file = readDicomFile(path, DicomExtent::WholeFile);
    if (!file)
        return file.error();
    if (natureOf(*file).kind != DicomKind::StructureSet)
        return Error{ErrorCode::Unrecognised, path, "not an RT Structure Set"};
    const DicomDataSet& set = file->dataSet;
    const auto characterSets = set.texts(tag::specificCharacterSet);
    RtStructureSet structures;
    structures.referencedSeriesUid = referencedSeriesUid(set);
    std::map<int, std::size_t> places; // of each ROI, by its number
    for (const DicomDataSet& item : set.items(tag::structureSetRois)) {
        const auto number = item.integer(tag::roiNumber);
        if (!number || !places.try_emplace(*number, structures.rois.size()).second)
            return Error{ErrorCode::Malformed, path, "an ROI without a number of its own"};
        if (structures.frameOfReferenceUid.empty())
            structures.frameOfReferenceUid = item.text(tag::referencedFrameUid);
        RtRoi roi;
        roi.number = *number;
        roi.name = utf8FromDicom(item.text(tag::roiName), characterSets);
        roi.algorithmType = item.text(tag::roiGenerationAlgorithm);
        structures.rois.push_back(std::move(roi));
    }
    const auto referencedRoi = [&](const DicomDataSet& item) {
        const auto it = places.find(item.integer(tag::referencedRoiNumber).value_or(-1));
        return it == places.end() ? nullptr : &structures.rois[it->second];
    };
    for (const DicomDataSet& item : set.items(tag::roiContours)) {
        RtRoi* roi = referencedRoi(item);
        if (!roi) {
            structures.skipped.emplace_back("contours of an ROI that is not listed");
            continue;
        }
        if (auto read = readContours(item, *roi, structures.skipped); !read)
            return Error{read.error().code, path, read.error().detail};
    }
    for (const DicomDataSet& item : set.items(tag::roiObservations)) {
        RtRoi* roi = referencedRoi(item);
        if (const DicomDataSet* code = item.firstItem(tag::roiIdentificationCode); roi && code)
            roi->type = {code->text(tag::codeValue), code->text(tag::codingScheme),
                         utf8FromDicom(code->text(tag::codeMeaning), characterSets)};
    }
    return structures;
}

} // namespace annotomy
