#include "core/image/cielab.h"
#include "core/io/dicom/character_set.h"
#include "core/io/dicom/dicom_slice.h"
#include "core/io/dicom/dicom_tags.h"
#include "core/io/masks/dicom_seg.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace annotomy {

namespace {

constexpr int maxFrames = 1 << 24;

Error malformed(const std::string& path, const std::string& detail)
{
    return {ErrorCode::Malformed, path, detail};
}

using CharacterSets = std::vector<std::string>;

CodedConcept conceptOf(const DicomDataSet& item, const CharacterSets& sets)
{
    CodedConcept code;
    for (const DicomTag t : {tag::codeValue, tag::longCodeValue, tag::urnCodeValue})
        if (code.value.empty())
            code.value = item.text(t);
    code.scheme = item.text(tag::codingScheme);
    code.meaning = utf8FromDicom(item.text(tag::codeMeaning), sets);
    return code;
}

CodedConcept conceptIn(const DicomDataSet& item, DicomTag sequence, const CharacterSets& sets)
{
    const DicomDataSet* code = item.firstItem(sequence);
    return code ? conceptOf(*code, sets) : CodedConcept{};
}

void readProperties(const DicomDataSet& item, Segment& segment, const CharacterSets& sets)
{
    segment.category = conceptIn(item, tag::propertyCategory, sets);
    segment.type = conceptIn(item, tag::propertyType, sets);
    if (const DicomDataSet* type = item.firstItem(tag::propertyType))
        segment.typeModifier = conceptIn(*type, tag::propertyTypeModifier, sets);
    segment.region = conceptIn(item, tag::anatomicRegion, sets);
    if (const DicomDataSet* region = item.firstItem(tag::anatomicRegion))
        segment.regionModifier = conceptIn(*region, tag::anatomicRegionModifier, sets);
}

Segment segmentOf(const DicomDataSet& item, int fileNumber, const CharacterSets& sets)
{
    Segment segment;
    segment.fileValue = fileNumber;
    segment.name = utf8FromDicom(item.text(tag::segmentLabel), sets);
    if (segment.name.empty())
        segment.name = "Segment " + std::to_string(fileNumber);
    segment.description = utf8FromDicom(item.text(tag::segmentDescription), sets);
    segment.algorithmType = item.text(tag::segmentAlgorithmType);
    segment.algorithmName = utf8FromDicom(item.text(tag::segmentAlgorithmName), sets);
    segment.trackingId = utf8FromDicom(item.text(tag::trackingId), sets);
    segment.trackingUid = item.text(tag::trackingUid);
    readProperties(item, segment, sets);
    return segment;
}

std::optional<Colour> colourOf(const DicomDataSet& item)
{
    const auto lab = item.numbers(tag::recommendedCieLab);
    const auto isShort = [](double v) { return v >= 0 && v <= 65535; };
    if (lab.size() != 3 || !std::all_of(lab.begin(), lab.end(), isShort))
        return std::nullopt;
    return colourFromDicomLab({static_cast<std::uint16_t>(lab[0]), static_cast<std::uint16_t>(lab[1]),
                               static_cast<std::uint16_t>(lab[2])});
}

// Numbers within 1..255 are kept, others take what is free, as for values of other mask files.
void giveNumbers(std::vector<Segment>& segments, const std::vector<const DicomDataSet*>& items)
{
    std::set<int> taken;
    for (const Segment& segment : segments)
        if (segment.fileValue <= 255)
            taken.insert(static_cast<int>(segment.fileValue));
    int next = 1;
    for (std::size_t n = 0; n < segments.size(); ++n) {
        Segment& segment = segments[n];
        int number = static_cast<int>(segment.fileValue);
        if (number > 255) {
            while (taken.contains(next))
                ++next;
            number = next;
            taken.insert(number);
        }
        segment.number = static_cast<SegmentNumber>(number);
        segment.colour = colourOf(*items[n]).value_or(paletteColour(segment.number));
    }
}

Result<void> readSegments(const DicomDataSet& set, DicomSegmentation& result, const std::string& path)
{
    const auto characterSets = set.texts(tag::specificCharacterSet);
    std::vector<const DicomDataSet*> items;
    std::set<int> seen;
    for (const DicomDataSet& item : set.items(tag::segments)) {
        const int number = item.integer(tag::segmentNumber).value_or(-1);
        if (result.type == SegmentationType::LabelMap && (number == 0 || number == result.paddingValue))
            continue; // label maps describe their background, too
        if (number < 1 || number > 65535 || !seen.insert(number).second)
            return malformed(path, "a segment without a number of its own");
        items.push_back(&item);
        if (items.size() > 255)
            return Error{ErrorCode::TooManySegments, path, "more than 255 segments"};
        result.segments.push_back(segmentOf(item, number, characterSets));
    }
    if (items.empty())
        return malformed(path, "a segmentation that lists no segment");
    giveNumbers(result.segments, items);
    return {};
}

// A functional group of a frame: its own, else the one that all share (PS3.3 C.7.6.16).
const DicomDataSet* group(const DicomDataSet* own, const DicomDataSet* shared, DicomTag sequence)
{
    const DicomDataSet* item = own ? own->firstItem(sequence) : nullptr;
    return item || !shared ? item : shared->firstItem(sequence);
}

std::optional<SegmentationFrame> frameOf(const DicomDataSet* own, const DicomDataSet* shared)
{
    const DicomDataSet *place = group(own, shared, tag::planePosition),
                       *turn = group(own, shared, tag::planeOrientation),
                       *measures = group(own, shared, tag::pixelMeasures),
                       *which = group(own, shared, tag::segmentIdentification);
    if (!place || !turn || !measures)
        return std::nullopt;
    const auto position = place->vector(tag::position);
    const auto cosines = turn->numbers(tag::orientation), spacing = measures->numbers(tag::pixelSpacing);
    if (!position || cosines.size() != 6 || spacing.size() != 2 || !(spacing[0] > 0) || !(spacing[1] > 0))
        return std::nullopt;
    SegmentationFrame frame;
    frame.segment = which ? which->integer(tag::referencedSegmentNumber).value_or(0) : 0;
    frame.position = *position;
    frame.rowStep = spacing[1] * Vec3{cosines[0], cosines[1], cosines[2]};
    frame.columnStep = spacing[0] * Vec3{cosines[3], cosines[4], cosines[5]};
    const double across = length(cross(frame.rowStep, frame.columnStep));
    const bool sound = across > 1e-8 && std::isfinite(across) && length(*position) < 1e7;
    return sound ? std::optional(frame) : std::nullopt;
}

Result<void> readFrames(const DicomDataSet& set, DicomSegmentation& result, const std::string& path)
{
    const int count = set.integer(tag::numberOfFrames).value_or(1);
    const auto& own = set.items(tag::perFrameGroups);
    if (count < 1 || count > maxFrames)
        return malformed(path, "impossible number of frames");
    if (own.size() != static_cast<std::size_t>(count))
        return malformed(path, "a segmentation whose frames do not say where they lie");
    const DicomDataSet* shared = set.firstItem(tag::sharedGroups);
    std::set<int> known;
    for (const Segment& segment : result.segments)
        known.insert(static_cast<int>(segment.fileValue));
    result.frames.reserve(own.size());
    for (const DicomDataSet& item : own) {
        const auto frame = frameOf(&item, shared);
        const std::string name = "frame " + std::to_string(result.frames.size() + 1);
        if (!frame)
            return Error{ErrorCode::Unsupported, path, name + " does not say where it lies in the patient"};
        if (result.type != SegmentationType::LabelMap && !known.contains(frame->segment))
            return malformed(path, name + " is of a segment that is not listed");
        result.frames.push_back(*frame);
    }
    if (const DicomDataSet* measures = group(&own.front(), shared, tag::pixelMeasures))
        result.thickness = measures->number(tag::spacingBetweenSlices)
                               .value_or(std::max(0.0, measures->number(tag::sliceThickness).value_or(0)));
    return {};
}

Result<void> readType(const DicomDataSet& set, DicomSegmentation& result, const std::string& path)
{
    const std::string type = set.text(tag::segmentationType);
    if (type != "BINARY" && type != "FRACTIONAL" && type != "LABELMAP")
        return Error{ErrorCode::Unsupported, path, "a segmentation of type \"" + type + "\""};
    result.type = type == "BINARY"       ? SegmentationType::Binary
                  : type == "FRACTIONAL" ? SegmentationType::Fractional
                                         : SegmentationType::LabelMap;
    result.columns = set.integer(tag::columns).value_or(0);
    result.rows = set.integer(tag::rows).value_or(0);
    result.bitsAllocated = set.integer(tag::bitsAllocated).value_or(0);
    result.maximumFractionalValue = set.integer(tag::maximumFractionalValue).value_or(255);
    result.paddingValue = set.integer(tag::pixelPadding).value_or(0);
    if (result.columns < 1 || result.columns > 65535 || result.rows < 1 || result.rows > 65535)
        return malformed(path, "impossible numbers of rows and columns");
    const bool fits = result.type == SegmentationType::Binary
                          ? result.bitsAllocated == 1
                          : result.bitsAllocated == 8 || result.bitsAllocated == 16;
    if (!fits)
        return Error{ErrorCode::Unsupported, path,
                     "a segmentation of " + std::to_string(result.bitsAllocated) + " bits per voxel"};
    if (result.type == SegmentationType::Fractional && result.maximumFractionalValue < 1)
        return malformed(path, "an impossible Maximum Fractional Value");
    return {};
}

} // namespace

std::string segmentedSeriesUid(const DicomDataSet& set)
{
    const DicomDataSet* series = set.firstItem(tag::referencedSeriesSequence);
    return series ? series->text(tag::seriesUid) : std::string();
}

std::optional<VolumeGeometry> firstPlaneOf(const DicomDataSet& set)
{
    const auto frame = frameOf(set.firstItem(tag::perFrameGroups), set.firstItem(tag::sharedGroups));
    if (!frame)
        return std::nullopt;
    const Vec3 i = normalised(frame->rowStep), j = normalised(frame->columnStep);
    VolumeGeometry plane;
    plane.size = {set.integer(tag::columns).value_or(0), set.integer(tag::rows).value_or(0), 1};
    plane.spacing = {length(frame->rowStep), length(frame->columnStep), 1};
    plane.origin = frame->position;
    plane.direction = fromColumns(i, j, normalised(cross(i, j)));
    return isPlausible(plane) ? std::optional(plane) : std::nullopt;
}

Result<DicomSegmentation> readSegmentation(const std::string& path)
{
    auto file = readDicomFile(path, DicomExtent::Pixels);
    if (!file)
        return file.error();
    if (natureOf(*file).kind != DicomKind::Segmentation)
        return Error{ErrorCode::Unrecognised, path, "not a DICOM segmentation"};
    DicomSegmentation result;
    const DicomDataSet& set = file->dataSet;
    if (auto read = readType(set, result, path); !read)
        return read.error();
    if (!file->pixels)
        return malformed(path, "a segmentation without pixel data");
    if (auto read = readSegments(set, result, path); !read)
        return read.error();
    if (auto read = readFrames(set, result, path); !read)
        return read.error();
    result.referencedSeriesUid = segmentedSeriesUid(set);
    result.frameOfReferenceUid = set.text(tag::frameOfReferenceUid);
    result.file = std::move(*file);
    return result;
}

} // namespace annotomy
