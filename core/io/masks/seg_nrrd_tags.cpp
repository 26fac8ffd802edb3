#include "core/io/masks/seg_nrrd_tags.h"

#include <array>
#include <vector>

namespace annotomy {

namespace {

constexpr const char* terminology = "TerminologyEntry";

struct TextTag {
    const char* name;
    std::string Segment::*member;
};
constexpr std::array<TextTag, 5> textTags{{{"Annotomy.Description", &Segment::description},
                                           {"Annotomy.AlgorithmType", &Segment::algorithmType},
                                           {"Annotomy.AlgorithmName", &Segment::algorithmName},
                                           {"Annotomy.TrackingId", &Segment::trackingId},
                                           {"Annotomy.TrackingUid", &Segment::trackingUid}}};

std::vector<std::string> split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    std::size_t at = 0;
    while (true) {
        const std::size_t end = text.find(separator, at);
        parts.push_back(text.substr(at, end - at));
        if (end == std::string::npos)
            return parts;
        at = end + 1;
    }
}

// Without the characters that separate; the format has no way to quote them.
std::string plain(std::string text)
{
    for (char& c : text)
        if (c == '|' || c == '~' || c == '^' || c == '\n' || c == '\r')
            c = ' ';
    return text;
}

std::string codeText(const CodedConcept& code)
{
    return plain(code.scheme) + "^" + plain(code.value) + "^" + plain(code.meaning);
}

CodedConcept codeOf(const std::string& text)
{
    const auto parts = split(text, '^');
    return parts.size() == 3 ? CodedConcept{parts[1], parts[0], parts[2]} : CodedConcept{};
}

// context~category~type~modifier~anatomic context~region~modifier
void readTerminology(const std::string& entry, Segment& segment)
{
    const auto parts = split(entry, '~');
    if (parts.size() != 7)
        return;
    segment.category = codeOf(parts[1]);
    segment.type = codeOf(parts[2]);
    segment.typeModifier = codeOf(parts[3]);
    segment.region = codeOf(parts[5]);
    segment.regionModifier = codeOf(parts[6]);
}

} // namespace

std::string tagsOf(const Segment& segment)
{
    std::string tags;
    const bool hasCodes = !(segment.category == CodedConcept{} && segment.type == CodedConcept{} &&
                            segment.region == CodedConcept{});
    if (hasCodes)
        tags += std::string(terminology) + ":Segmentation category and type - 3D Slicer General Anatomy list~" +
                codeText(segment.category) + "~" + codeText(segment.type) + "~" + codeText(segment.typeModifier) +
                "~Anatomic codes - DICOM master list~" + codeText(segment.region) + "~" +
                codeText(segment.regionModifier) + "|";
    for (const TextTag& tag : textTags)
        if (const std::string& text = segment.*tag.member; !text.empty())
            tags += std::string(tag.name) + ":" + plain(text) + "|";
    return tags;
}

void readTags(const std::string& tags, Segment& segment)
{
    for (const std::string& tag : split(tags, '|')) {
        const std::size_t colon = tag.find(':');
        if (colon == std::string::npos)
            continue;
        const std::string name = tag.substr(0, colon), value = tag.substr(colon + 1);
        if (name == terminology)
            readTerminology(value, segment);
        for (const TextTag& known : textTags)
            if (name == known.name)
                segment.*known.member = value;
    }
}

} // namespace annotomy
