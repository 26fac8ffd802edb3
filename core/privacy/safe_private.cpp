#include "core/privacy/safe_private.h"

#include <algorithm>
#include <iterator>

namespace annotomy {

namespace {

struct SafeElement {
    unsigned group;
    unsigned element; // its last two digits
    std::string_view creator, vr;
};

constexpr SafeElement safeElements[] = {{0x7053, 0x00, "Philips PET Private Group", "DS"},
                                        {0x7053, 0x09, "Philips PET Private Group", "DS"},
                                        {0x00E1, 0x21, "ELSCINT1", "DS"},
                                        {0x00E1, 0x50, "ELSCINT1", "DS"},
                                        {0x01E1, 0x26, "ELSCINT1", "CS"},
                                        {0x01F1, 0x01, "ELSCINT1", "CS"},
                                        {0x01F1, 0x07, "ELSCINT1", "DS"},
                                        {0x01F1, 0x26, "ELSCINT1", "DS"},
                                        {0x01F1, 0x27, "ELSCINT1", "DS"},
                                        {0x0019, 0x23, "GEMS_ACQU_01", "DS"},
                                        {0x0019, 0x24, "GEMS_ACQU_01", "DS"},
                                        {0x0019, 0x27, "GEMS_ACQU_01", "DS"},
                                        {0x0043, 0x27, "GEMS_PARM_01", "SH"},
                                        {0x0043, 0x39, "GEMS_PARM_01", "IS"},
                                        {0x0045, 0x01, "GEMS_HELIOS_01", "SS"},
                                        {0x0045, 0x02, "GEMS_HELIOS_01", "FL"},
                                        {0x0025, 0x07, "GEMS_SERS_01", "SL"},
                                        {0x2001, 0x03, "Philips Imaging DD 001", "FL"},
                                        {0x2001, 0x04, "Philips Imaging DD 001", "CS"},
                                        {0x2005, 0x0D, "Philips MR Imaging DD 001", "FL"},
                                        {0x2005, 0x0E, "Philips MR Imaging DD 001", "FL"},
                                        {0x0019, 0x0C, "SIEMENS MR HEADER", "IS"},
                                        {0x0019, 0x0D, "SIEMENS MR HEADER", "CS"},
                                        {0x0019, 0x0E, "SIEMENS MR HEADER", "FD"},
                                        {0x0019, 0x27, "SIEMENS MR HEADER", "FD"}};

std::string_view creatorOf(const ElementTree& tree, DicomTag creatorTag)
{
    const auto it = tree.find(creatorTag);
    std::string_view text = it == tree.end() ? std::string_view() : it->second.value();
    while (!text.empty() && (text.back() == ' ' || text.back() == '\0'))
        text.remove_suffix(1);
    return text;
}

} // namespace

std::set<DicomTag> safePrivateElements(ElementTree& tree)
{
    std::set<DicomTag> safe;
    for (auto& [tag, element] : tree) {
        const unsigned group = tag >> 16, number = tag & 0xFF, block = (tag & 0xFFFF) >> 8;
        if (group % 2 == 0 || block < 0x10)
            continue;
        const DicomTag creatorTag = (tag & 0xFFFF0000) | block;
        const std::string_view creator = creatorOf(tree, creatorTag);
        const auto* found =
            std::find_if(std::begin(safeElements), std::end(safeElements), [&](const SafeElement& s) {
                return s.group == group && s.element == number && s.creator == creator;
            });
        const bool isKnown = found != std::end(safeElements) && element.vr != "SQ";
        if (!isKnown || (element.vr != found->vr && !element.vr.empty() && element.vr != "UN"))
            continue;
        element.vr = found->vr;
        tree.find(creatorTag)->second.vr = "LO";
        safe.insert(tag);
        safe.insert(creatorTag);
    }
    return safe;
}

} // namespace annotomy
