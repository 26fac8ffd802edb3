#include "core/privacy/image_warnings.h"

#include "core/io/dicom/dicom_tags.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace annotomy {

namespace {

constexpr DicomTag burnedIn = 0x00280301, recognisable = 0x00280302, conversionType = 0x00080064,
                   bodyPart = 0x00180015, protocol = 0x00181030;
constexpr std::string_view images = "1.2.840.10008.5.1.4.1.1.";

bool holdsWord(std::string text, std::initializer_list<std::string_view> words)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

bool isOfClass(const std::string& sopClass, std::string_view branch)
{
    const std::string whole = std::string(images) + std::string(branch);
    return sopClass == whole || sopClass.starts_with(whole + ".");
}

// The objects in whose pixels text is met.
std::string whyTextIsLikely(const DicomDataSet& set)
{
    const std::string sopClass = set.text(tag::sopClassUid), modality = set.text(tag::modality);
    const std::vector<std::string> types = set.texts(tag::imageType);
    const auto hasType = [&](std::string_view type) {
        return std::find(types.begin(), types.end(), type) != types.end();
    };
    if (isOfClass(sopClass, "7") || set.has(conversionType))
        return "a secondary capture";
    if (isOfClass(sopClass, "6") || isOfClass(sopClass, "3") || modality == "US")
        return "an ultrasound image";
    if (isOfClass(sopClass, "77"))
        return "a photograph or video";
    if (hasType("SCREEN SAVE") || hasType("SCREEN"))
        return "a picture of a screen";
    if (hasType("DERIVED") && hasType("SECONDARY"))
        return "a derived secondary image";
    return set.integer(tag::samplesPerPixel).value_or(1) > 1 ? "a colour image" : "";
}

void warnOfText(const DicomDataSet& set, std::vector<std::string>& warnings)
{
    const std::string said = set.text(burnedIn);
    if (said == "YES") {
        warnings.emplace_back(
            "The image says of itself that text is burned into its pixels (Burned In Annotation is YES), "
            "and the pixels were not changed.");
        return;
    }
    const std::string reason = whyTextIsLikely(set);
    if (said != "NO" && !reason.empty())
        warnings.push_back("Text may be burned into the pixels of " + reason +
                           ": look at it before it is handed on.");
}

void warnOfOverlays(const DicomFile& file, std::vector<std::string>& warnings)
{
    bool any = false, embedded = false;
    for (const auto& [tag, element] : file.dataSet.elements()) {
        const bool isOverlay = (tag >> 24) == 0x60 && ((tag >> 16) & 1U) == 0;
        any = any || isOverlay;
        const bool isBitPosition = (tag & 0xFFFF) == 0x0102 && element.value.size() >= 1;
        embedded =
            embedded || (isOverlay && isBitPosition &&
                         element.value[element.bigEndian ? 1 % element.value.size() : 0] != std::byte{0});
    }
    if (embedded)
        warnings.emplace_back(
            "An overlay lies in the upper bits of the pixels and was left there; it may hold text.");
    else if (any)
        warnings.emplace_back("The overlays, which may hold text, were removed.");
}

void warnOfFace(const DicomDataSet& set, std::vector<std::string>& warnings)
{
    const std::string modality = set.text(tag::modality);
    const bool isTomography = modality == "CT" || modality == "MR" || modality == "PT";
    const bool isHead =
        holdsWord(set.text(bodyPart), {"HEAD", "BRAIN", "FACE", "SKULL", "ORBIT", "SINUS", "JAW"}) ||
        holdsWord(set.text(tag::studyDescription) + " " + set.text(tag::seriesDescription) + " " +
                      set.text(protocol),
                  {"HEAD", "BRAIN", "SKULL", "NEURO", "CRANI", "FACE", "HIRN"});
    if (set.text(recognisable) == "YES" || (isTomography && isHead))
        warnings.emplace_back("A face can be made out of images of a head, and the pixels were not changed.");
}

void warnOfUptake(const DicomDataSet& set, const DeidentificationOptions& options,
                  std::vector<std::string>& warnings)
{
    const bool timesLost = options.dates == DateHandling::Remove,
               weightLost = !options.retainPatientCharacteristics;
    if (set.text(tag::modality) == "PT" && set.has(0x00540016) && (timesLost || weightLost))
        warnings.emplace_back(
            "Standardised uptake values can no longer be computed: keep or shift the dates and keep the "
            "patient's characteristics where they are needed.");
}

} // namespace

std::string whyNotCleaned(const DicomDataSet& set)
{
    const std::string sopClass = set.text(tag::sopClassUid);
    if (set.has(tag::directoryRecords) || sopClass == "1.2.840.10008.1.3.10")
        return "a DICOMDIR, which repeats what its files say; name it to de-identify the files it lists";
    if (isOfClass(sopClass, "11"))
        return "a presentation state, whose texts and graphics cannot be cleaned";
    if (isOfClass(sopClass, "104"))
        return "an encapsulated document, whose content cannot be cleaned";
    if (isOfClass(sopClass, "66") && sopClass == std::string(images) + "66")
        return "raw data, whose content cannot be cleaned";
    if (!sopClass.empty() && !sopClass.starts_with("1.2.840.10008."))
        return "a private object, whose content cannot be cleaned";
    return set.has(0x00420011) ? "an encapsulated document, whose content cannot be cleaned" : "";
}

std::vector<std::string> imageWarnings(const DicomFile& file, const DeidentificationOptions& options)
{
    std::vector<std::string> warnings;
    if (!file.pixels)
        return warnings;
    warnOfText(file.dataSet, warnings);
    warnOfOverlays(file, warnings);
    warnOfFace(file.dataSet, warnings);
    warnOfUptake(file.dataSet, options, warnings);
    return warnings;
}

} // namespace annotomy
