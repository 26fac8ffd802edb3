#include "core/io/dicom/dicom_slice.h"

#include "core/image/voi_curve.h"
#include "core/io/dicom/character_set.h"
#include "core/io/dicom/dicom_dose.h"
#include "core/io/dicom/dicom_notes.h"
#include "core/io/dicom/dicom_placement.h"
#include "core/io/dicom/dicom_real_world.h"
#include "core/io/dicom/dicom_suv.h"
#include "core/io/dicom/dicom_tags.h"
#include "core/io/pixels/transfer_syntax.h"

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

// Many frames and series repeat what a header says once: without a bound, a small file would fill the memory. The
// longest text that DICOM allows here has 324 characters.
std::string bounded(std::string text)
{
    constexpr std::size_t mostBytes = 2048;
    if (text.size() > mostBytes)
        text.resize(mostBytes);
    return text;
}

constexpr std::size_t mostWindows = 64;

ImageInfo infoOf(const DicomDataSet& set)
{
    const auto characterSets = set.texts(tag::specificCharacterSet);
    const auto text = [&](DicomTag t) { return utf8FromDicom(bounded(set.text(t)), characterSets); };
    ImageInfo info;
    info.modality = text(tag::modality);
    info.patientName = utf8FromDicom(bounded(set.text(tag::patientName)), characterSets, TextKind::PersonName);
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
    const auto explanations = set.texts(tag::windowExplanation), characterSets = set.texts(tag::specificCharacterSet);
    const auto function = functionNamed(set.text(tag::voiLutFunction)).value_or(VoiFunction::Linear);
    for (std::size_t w = 0; w < std::min({centres.size(), widths.size(), mostWindows}); ++w)
        if (std::isfinite(centres[w]) && std::isfinite(widths[w]) && widths[w] > 0)
            windows.push_back({centres[w], widths[w],
                               w < explanations.size() ? utf8FromDicom(bounded(explanations[w]), characterSets) : "",
                               function == VoiFunction::Table ? VoiFunction::Linear : function});
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
    slice.sopInstanceUid = bounded(set.text(tag::sopInstanceUid));
    slice.instanceNumber = set.integer(tag::instanceNumber).value_or(0);
    const auto types = set.texts(tag::imageType);
    slice.isLocaliser = std::find(types.begin(), types.end(), "LOCALIZER") != types.end();
    slice.occasion = occasionOf(set);
    readRescale(set, slice);
    return slice;
}

DicomSlice singleSlice(const DicomDataSet& set, DicomSlice slice)
{
    const auto position = positionOf(set);
    readSpacing(set, slice);
    if (position && readOrientation(set, slice))
        slice.position = *position;
    else
        placeUnknown(set, slice);
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
    slice.occasion = frameOccasionOf(set, own, shared);
    slice.sopInstanceUid += "#" + std::to_string(frame);
    return slice;
}

Result<std::vector<DicomSlice>> framesOf(const DicomDataSet& set, const DicomSlice& common, int count)
{
    const std::size_t described = set.items(tag::perFrameGroups).size();
    if (described == 0)
        return stackedFrames(set, common, count);
    if (described != static_cast<std::size_t>(count))
        return refused(ErrorCode::Malformed, common.path, "the header describes another number of frames than there are");
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

void scaleBy(double factor, DicomImageFile& image)
{
    for (DicomSlice& slice : image.slices)
        slice.rescale = {slice.rescale.slope * factor, slice.rescale.intercept * factor};
    for (DisplayWindow& window : image.info.windows) {
        window.centre *= factor;
        window.width *= factor;
    }
}

// Enhanced PET without Units says in its real-world values what they are.
bool isUnitlessPet(const DicomDataSet& set)
{
    return set.text(tag::sopClassUid) == "1.2.840.10008.5.1.4.1.1.130" && set.text(0x00541001).empty();
}

// The real values of PET become SUV where the header allows it, and what is done is told.
void scalePet(const DicomDataSet& set, DicomImageFile& image)
{
    if (image.info.modality != "PT")
        return;
    const PetScale scale = petScaleOf(set, isUnitlessPet(set) ? image.unit : std::string());
    image.unit = scale.unit;
    scaleBy(scale.factor, image);
    const std::string unit = scale.unit.empty() ? "as stored" : scale.unit;
    if (scale.isSuv)
        image.info.warnings.push_back({"suvBodyWeight", "The values are SUV by body weight: " + scale.reason + ".", {}});
    else
        image.info.warnings.push_back({"noSuv", "The values are " + unit + ", no SUV: " + scale.reason + ".", {}});
}

// The values of parametric maps, and of such PET, become what they stand for, frame by frame; the first frame's mapping is told.
void mapToRealWorld(const DicomDataSet& set, const std::string& path, DicomImageFile& image)
{
    if (!isParametricMap(set) && !isUnitlessPet(set))
        return;
    const DicomDataSet* shared = set.firstItem(tag::sharedGroups);
    const auto& frames = set.items(tag::perFrameGroups);
    for (DicomSlice& slice : image.slices) {
        const auto n = static_cast<std::size_t>(slice.frame);
        const DicomDataSet* own = n < frames.size() ? &frames[n] : nullptr;
        const DicomDataSet* holder = own && own->has(tag::realWorldMappings)         ? own
                                     : shared && shared->has(tag::realWorldMappings) ? shared
                                                                                     : &set;
        const auto mapping = realWorldMappingOf(*holder, set);
        if (!mapping)
            continue;
        if (!mapping->isTable)
            slice.rescale = mapping->rescale;
        if (&slice != &image.slices.front())
            continue;
        image.unit = mapping->isTable ? std::string() : mapping->unit;
        const std::size_t items = holder->items(tag::realWorldMappings).size();
        image.info.warnings.push_back(realWorldWarning(*mapping, items, path));
        const auto& [slope, intercept] = mapping->rescale;
        for (DisplayWindow& window : image.info.windows) {
            window.centre = window.centre * slope + intercept;
            window.width *= std::abs(slope);
        }
    }
}

// A syntax that may be coded either way is believed to have lost nothing only where the header says so.
int lossesOf(const DicomDataSet& set, const std::string& transferSyntaxUid)
{
    const std::string said = set.text(tag::lossyImageCompression);
    const PixelLoss loss = pixelLossOf(transferSyntaxUid);
    return (said == "01") + (loss == PixelLoss::Certain || (loss == PixelLoss::Possible && said != "00"));
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
    static const std::map<std::string, const char*> byModality{
        {"RTPLAN", "a radiotherapy plan"}, {"SR", "a structured report"},         {"PR", "a presentation state"},
        {"KO", "a list of key images"},    {"RWV", "a real-world value mapping"}, {"REG", "a spatial registration"}};
    if (const auto it = byModality.find(modality); it != byModality.end())
        return {DicomKind::Other, it->second};
    if (sopClass.starts_with("1.2.840.10008.5.1.4.1.1.9."))
        return {DicomKind::Other, "a waveform, such as an ECG"};
    if (!file.pixels)
        return {DicomKind::Other, "a DICOM object without pixel data"};
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
    const auto sound = checkPixelLength(file, *format, frames, path);
    Result<std::optional<DicomMosaic>> mosaic = std::optional<DicomMosaic>();
    if (frames == 1)
        mosaic = mosaicOf(set, format->columns, format->rows, path);
    if (!mosaic)
        return mosaic.error();
    if (!sound && (frames > 1 || *mosaic))
        return sound.error();
    DicomImageFile image;
    if (!sound)
        image.damage = PixelDamage{sound.error().code, sound.error().detail};
    image.info = infoOf(set);
    image.transferSyntaxUid = file.transferSyntaxUid;
    image.losses = lossesOf(set, file.transferSyntaxUid);
    image.unit = unitOf(set, image.info.modality);
    appendWindows(set, image.info.windows);
    appendPixelWarnings(set, *format, path, image.info.warnings);
    if (frames > 1 && isDose(set)) {
        DicomSlice first = singleSlice(set, commonSlice(set, path, *format));
        first.isWholeStack = true;
        auto slices = doseFrames(set, first, frames);
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
        if (voi) {
            appendWindows(*voi, image.info.windows);
            appendVoiLuts(set, *voi, image.slices.front().rescale, image.info.windows);
        }
        mapToRealWorld(set, path, image);
        scalePet(set, image);
        return image;
    }
    DicomSlice slice = singleSlice(set, commonSlice(set, path, *format));
    if (isDose(set))
        slice.rescale = doseRescale(set);
    slice.mosaic = *mosaic;
    appendVoiLuts(set, set, slice.rescale, image.info.windows);
    image.slices.push_back(std::move(slice));
    scalePet(set, image);
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
