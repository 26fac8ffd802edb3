#include "core/privacy/value_dictionary.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdicent.h>
#include <dcmtk/dcmdata/dcdict.h>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace annotomy {

namespace {

std::string vrName(DcmEVR vr)
{
    switch (vr) {
    case EVR_ox:
    case EVR_px:
    case EVR_lt:
        return "OW";
    case EVR_xs:
        return "US";
    case EVR_up:
        return "UL";
    case EVR_na:
        return {};
    default:
        return DcmVR(vr).getVRName();
    }
}

using Dictionary = std::unordered_map<DicomTag, std::string>;

Dictionary readDictionary()
{
    Dictionary result;
    DcmDataDictionary& known = dcmDataDict.wrlock(); // its iterators are not const
    for (DcmHashDictIterator at = known.normalBegin(); at != known.normalEnd(); ++at)
        if (const DcmDictEntry* entry = *at; !entry->getPrivateCreator())
            result.emplace(static_cast<DicomTag>(entry->getGroup()) << 16 | entry->getElement(),
                           vrName(entry->getEVR()));
    dcmDataDict.wrunlock();
    return result;
}

const Dictionary& dictionary()
{
    static const Dictionary entries = readDictionary();
    return entries;
}

constexpr std::array<std::string_view, 34> shortAndLong{
    "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL", "SS", "ST",
    "TM", "UI", "UL", "US", "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"};
constexpr std::size_t shortVrs = 21;

} // namespace

std::string standardVr(DicomTag tag)
{
    const auto it = dictionary().find(tag);
    return it == dictionary().end() ? std::string() : it->second;
}

bool hasValueDictionary()
{
    return dictionary().size() > 1000;
}

bool isVr(const std::string& vr)
{
    return std::find(shortAndLong.begin(), shortAndLong.end(), vr) != shortAndLong.end();
}

bool hasLongLength(const std::string& vr)
{
    return std::find(shortAndLong.begin() + shortVrs, shortAndLong.end(), vr) != shortAndLong.end();
}

} // namespace annotomy
