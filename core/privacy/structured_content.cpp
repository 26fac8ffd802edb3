#include "core/privacy/structured_content.h"

#include <algorithm>

namespace annotomy {

namespace {

constexpr DicomTag valueType = 0x0040A040, conceptName = 0x0040A043, textValue = 0x0040A160,
                   codeValue = 0x0040A168, measuredValue = 0x0040A300, content = 0x0040A730;

std::string textOf(const ElementTree& tree, DicomTag tag)
{
    const auto it = tree.find(tag);
    std::string text = it == tree.end() ? std::string() : std::string(it->second.value());
    while (!text.empty() && (text.back() == ' ' || text.back() == '\0'))
        text.pop_back();
    return text;
}

std::string conceptOf(const ElementTree& item)
{
    const auto it = item.find(conceptName);
    if (it == item.end() || it->second.items.empty())
        return {};
    const ElementTree& code = it->second.items.front();
    return textOf(code, 0x00080102) + ":" + textOf(code, 0x00080100);
}

bool replaceCode(ElementTree& item)
{
    ElementTree unknown;
    unknown[0x00080100] = textElement("SH", "261665006");
    unknown[0x00080102] = textElement("SH", "SCT");
    unknown[0x00080104] = textElement("LO", "Unknown");
    Element code;
    code.vr = "SQ";
    code.items = {std::move(unknown)};
    item[codeValue] = std::move(code);
    return true;
}

bool replaceNumber(ElementTree& item)
{
    Element none; // of type 2: a number that is not known
    none.vr = "SQ";
    item[measuredValue] = std::move(none);
    return true;
}

} // namespace

bool cleanContentItem(ElementTree& item, const DeidentificationOptions& options,
                      const IdentityMap& identities)
{
    const std::string type = textOf(item, valueType), meaning = conceptOf(item);
    const bool ofSubject = meaning == "DCM:121032" || meaning == "DCM:121033";
    const bool ofPerson = meaning == "NCIt:C54627";
    if (type == "CODE" && ofSubject && !options.retainPatientCharacteristics)
        return replaceCode(item);
    if (type == "NUM" && (ofPerson || (ofSubject && !options.retainPatientCharacteristics)))
        return replaceNumber(item);
    if (type == "CONTAINER" && meaning == "DCM:121000" && !options.retainDevice)
        return item.erase(content) > 0;
    const std::string text = type == "TEXT" ? textOf(item, textValue) : std::string();
    if (text.empty())
        return false;
    const bool isTrackingIdentifier = meaning == "DCM:112039"; // findings are followed by it
    item[textValue] = textElement("UT", isTrackingIdentifier ? identities.label(text) : "Removed");
    return true;
}

} // namespace annotomy
