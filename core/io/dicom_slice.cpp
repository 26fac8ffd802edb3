#include "core/io/dicom_slice.h"

#include "core/io/character_set.h"
#include "core/io/dicom_dose.h"
#include "core/io/dicom_notes.h"
#include "core/io/dicom_tags.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace annotomy {

namespace {

constexpr int maxFrames = 65535;

Error refused(ErrorCode code, const std::string& path, const std::string& detail)
{
    return {code, path, detail};
}

ImageInfo infoOf(const DicomDataSet& set)
{
    const auto characterSets = set.texts(tag::specificCharacterSet);
    const auto text = [&](DicomTag t) { return utf8FromDicom(set.text(t), characterSets); };
    ImageInfo info;
    info.modality = text(tag::modality);
    info.patientName = utf8FromDicom(set.text(tag::patientName), characterSets, TextKind::PersonName);
    info.patientId = text(tag::patientId);
    info.patientBirthDate = text(tag::patientBirthDate);
    info.patientSex = text(tag::patientSex);
    info.studyUid = text(tag::studyUid);
    info.studyDate = text(tag::studyDate);
    info.studyDescription = text(tag::studyDescription);
    info.seriesUid = text(tag::seriesUid);
    info.seriesNumber = text(tag::seriesNumber);
    info.seriesDescription = text(tag::seriesDescription);
    info.frameOfReferenceUid = text(tag::frameOfReferenceUid);
    return info;
}

void appendWindows(const DicomDataSet& set, std::vector<DisplayWindow>& windows)
{
    const auto centres = set.numbers(tag::windowCentre), widths = set.numbers(tag::windowWidth);
    const auto explanations = set.texts(tag::windowExplanation);
    for (std::size_t w = 0; w < std::min(centres.size(), widths.size()); ++w)
        if (std::isfinite(centres[w]) && std::isfinite(widths[w]) && widths[w] > 0)
            windows.push_back({centres[w], widths[w],
                               w < explanations.size()
                                   ? utf8FromDicom(explanations[w], set.texts(tag::specificCharacterSet))
                                   : ""});
}

// Image Orientation (Patient): the directions of increasing column and of increasing row.
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

// Image Position (Patient); nothing when it lies kilometres away, where differences lose their meaning.
std::optional<Vec3> positionOf(const DicomDataSet& set)
{
    constexpr double farthestMm = 1e7;
    const auto position = set.vector(tag::position);
    const auto isNear = [](double v) { return std::abs(v) < farthestMm; };
    return position && std::all_of(position->begin(), position->end(), isNear) ? position : std::nullopt;
}

// DICOM gives Pixel Spacing as (between rows, between columns), which is (j, i).
void readSpacing(const DicomDataSet& set, DicomSlice& slice)
{
    const auto spacing = set.numbers(tag::pixelSpacing);
    slice.spacingKnown =
        spacing.size() == 2 && spacing[0] > 1e-4 && spacing[1] > 1e-4 && spacing[0] < 1e3 && spacing[1] < 1e3;
    if (slice.spacingKnown) {
        slice.spacingJ = spacing[0];
        slice.spacingI = spacing[1];
    }
    slice.thickness = std::max(0.0, set.number(tag::sliceThickness).value_or(0));
}

void readRescale(const DicomDataSet& set, DicomSlice& slice)
{
    if (slice.format.hasModalityLut) // its values are real ones already
        return;
    const double slope = set.number(tag::rescaleSlope).value_or(1);
    slice.rescale = {slope == 0 ? 1 : slope, set.number(tag::rescaleIntercept).value_or(0)};
}

DicomSlice commonSlice(const DicomDataSet& set, const std::string& path, const DicomPixelFormat& format)
{
    DicomSlice slice;
    slice.path = path;
    slice.format = format;
    slice.sopInstanceUid = set.text(tag::sopInstanceUid);
    slice.instanceNumber = set.integer(tag::instanceNumber).value_or(0);
    const auto types = set.texts(tag::imageType);
    slice.isLocaliser = std::find(types.begin(), types.end(), "LOCALIZER") != types.end();
    return slice;
}

Result<DicomSlice> singleSlice(const DicomDataSet& set, const std::string& path,
                               const DicomPixelFormat& format)
{
    DicomSlice slice = commonSlice(set, path, format);
    const auto position = positionOf(set);
    if (!position || !readOrientation(set, slice))
        return refused(ErrorCode::Unsupported, path,
                       "an image that does not say where it lies in the patient");
    slice.position = *position;
    readSpacing(set, slice);
    readRescale(set, slice);
    for (const DicomTag t : {tag::temporalPosition, tag::acquisitionNumber, tag::echoTime, tag::triggerTime,
                             tag::acquisitionTime, tag::contentTime})
        slice.occasions.push_back(set.text(t));
    slice.occasions.emplace_back();
    return slice;
}

// A functional group of an enhanced image: the frame's own, else the one shared by all (PS3.3 C.7.6.16).
const DicomDataSet* functionalGroup(const DicomDataSet* frame, const DicomDataSet* shared, DicomTag group)
{
    const DicomDataSet* own = frame ? frame->firstItem(group) : nullptr;
    return own || !shared ? own : shared->firstItem(group);
}

Result<DicomSlice> frameSlice(const DicomDataSet& set, int frame, DicomSlice slice)
{
    const auto& frames = set.items(tag::perFrameGroups);
    const DicomDataSet* own = &frames[static_cast<std::size_t>(frame)];
    const DicomDataSet* shared = set.firstItem(tag::sharedGroups);
    const auto group = [&](DicomTag t) { return functionalGroup(own, shared, t); };
    const DicomDataSet *place = group(tag::planePosition), *turn = group(tag::planeOrientation);
    const auto position = place ? positionOf(*place) : std::nullopt;
    if (!position || !turn || !readOrientation(*turn, slice))
        return refused(ErrorCode::Unsupported, slice.path,
                       "an image that does not say where it lies in the patient");
    slice.frame = frame;
    slice.instanceNumber = frame;
    slice.position = *position;
    if (const DicomDataSet* measures = group(tag::pixelMeasures))
        readSpacing(*measures, slice);
    else
        slice.spacingKnown = false;
    if (const DicomDataSet* transformation = group(tag::pixelValueTransformation))
        readRescale(*transformation, slice);
    const DicomDataSet* content = group(tag::frameContent);
    const auto text = [&](DicomTag t) { return content ? content->text(t) : std::string(); };
    const auto index = content ? content->integer(tag::temporalPositionIndex) : std::nullopt;
    slice.occasions = {index ? std::to_string(*index) : "", "", "", "", "", "", text(tag::stackId)};
    slice.sopInstanceUid += "#" + std::to_string(frame);
    return slice;
}

Result<std::vector<DicomSlice>> framesOf(const DicomDataSet& set, const DicomSlice& common, int count)
{
    if (set.items(tag::perFrameGroups).size() != static_cast<std::size_t>(count))
        return refused(ErrorCode::Unsupported, common.path,
                       "a multi-frame image whose frames do not say where they lie");
    std::vector<DicomSlice> slices;
    for (int frame = 0; frame < count; ++frame) {
        auto slice = frameSlice(set, frame, common);
        if (!slice)
            return slice.error();
        slice->frameCount = count;
        slices.push_back(std::move(*slice));
    }
    return slices;
}

std::string unitOf(const DicomDataSet& set, const std::string& modality)
{
    if (isDose(set))
        return doseUnit(set);
    const DicomDataSet* lut = set.firstItem(tag::modalityLut);
    const std::string type = lut ? lut->text(tag::modalityLutType) : set.text(tag::rescaleType);
    return modality == "CT" && (type.empty() || type == "HU") ? "HU" : "";
}

} // namespace

DicomNature natureOf(const DicomFile& file)
{
    static const std::map<std::string, const char*> others{
        {"1.2.840.10008.5.1.4.1.1.66", "a raw data object"},
        {"1.2.840.10008.5.1.4.1.1.481.5", "a radiotherapy plan"},
        {"1.2.840.10008.5.1.4.1.1.104.1", "an encapsulated PDF"}};
    const std::string sopClass = file.dataSet.text(tag::sopClassUid),
                      modality = file.dataSet.text(tag::modality);
    if (file.dataSet.has(tag::directoryRecords))
        return {DicomKind::Other, "a DICOMDIR, which lists the files beside it"};
    if (modality == "RTSTRUCT" || sopClass == "1.2.840.10008.5.1.4.1.1.481.3")
        return {DicomKind::StructureSet, {}};
    if (modality == "SEG" || sopClass == "1.2.840.10008.5.1.4.1.1.66.4" || sopClass == "1.2.840.10008.5.1.4.1.1.66.7")
        return {DicomKind::Segmentation, {}};
    if (const auto it = others.find(sopClass); it != others.end())
        return {DicomKind::Other, it->second};
    if (sopClass.starts_with("1.2.840.10008.5.1.4.1.1.88."))
        return {DicomKind::Other, "a structured report"};
    if (sopClass.starts_with("1.2.840.10008.5.1.4.1.1.11."))
        return {DicomKind::Other, "a presentation state"};
    for (const char* notAnImage : {"RTPLAN", "SR", "PR", "KO", "RWV", "REG"})
        if (modality == notAnImage)
            return {DicomKind::Other, "a DICOM object of modality " + modality};
    if (!file.pixels)
        return {DicomKind::Other, "a DICOM object without an image"};
    return {DicomKind::Image, {}};
}

Result<DicomImageFile> imageFileOf(const DicomFile& file, const std::string& path)
{
    const DicomDataSet& set = file.dataSet;
    const auto format = pixelFormatOf(set, path);
    if (!format)
        return format.error();
    const int frames = set.integer(tag::numberOfFrames).value_or(1);
    if (frames < 1 || frames > maxFrames)
        return refused(ErrorCode::Malformed, path, "impossible number of frames");
    if (auto enough = checkPixelLength(file, *format, frames, path); !enough)
        return enough.error();
    const auto types = set.texts(tag::imageType);
    if (std::find(types.begin(), types.end(), "MOSAIC") != types.end())
        return refused(ErrorCode::Unsupported, path, "a mosaic of slices in one image");
    DicomImageFile image;
    image.info = infoOf(set);
    image.transferSyntaxUid = file.transferSyntaxUid;
    image.unit = unitOf(set, image.info.modality);
    appendWindows(set, image.info.windows);
    appendPixelWarnings(set, *format, path, image.info.warnings);
    if (frames > 1 && isDose(set)) {
        const auto first = singleSlice(set, path, *format);
        auto slices = first ? doseFrames(set, *first, frames) : Result<std::vector<DicomSlice>>(first.error());
        if (!slices)
            return slices.error();
        image.slices = std::move(*slices);
        return image;
    }
    if (frames > 1 || set.has(tag::perFrameGroups)) {
        auto slices = framesOf(set, commonSlice(set, path, *format), frames);
        if (!slices)
            return slices.error();
        image.slices = std::move(*slices);
        const DicomDataSet* voi = functionalGroup(set.firstItem(tag::perFrameGroups),
                                                  set.firstItem(tag::sharedGroups), tag::frameVoiLut);
        if (voi)
            appendWindows(*voi, image.info.windows);
        return image;
    }
    auto slice = singleSlice(set, path, *format);
    if (!slice)
        return slice.error();
    if (isDose(set))
        slice->rescale = doseRescale(set);
    appendVoiLuts(set, slice->rescale, image.info.windows);
    image.slices.push_back(std::move(*slice));
    return image;
}

std::string referencedSeriesUid(const DicomDataSet& set)
{
    for (const DicomDataSet& frame : set.items(tag::referencedFrames))
        for (const DicomDataSet& study : frame.items(tag::referencedStudies))
            for (const DicomDataSet& series : study.items(tag::referencedSeries))
                if (const std::string uid = series.text(tag::seriesUid); !uid.empty())
                    return uid;
    return {};
}

} // namespace annotomy
