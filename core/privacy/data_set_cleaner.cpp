#include "core/privacy/data_set_cleaner.h"

#include "core/io/dicom/character_set.h"
#include "core/privacy/attribute_rules.h"
#include "core/privacy/dates.h"
#include "core/privacy/descriptor_words.h"
#include "core/privacy/safe_private.h"
#include "core/privacy/structured_content.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace annotomy {

namespace {

constexpr DicomTag characterSetTag = 0x00080005, sopClassTag = 0x00080016, studyUidTag = 0x0020000D, patientNameTag = 0x00100010,
                   patientIdTag = 0x00100020, roiNameTag = 0x30060026, roiNumberTag = 0x30060022,
                   contentSequence = 0x0040A730, personCodes = 0x00401101, iconTag = 0x00880200;

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.back() == ' ' || text.back() == '\0'))
        text.remove_suffix(1);
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    return text;
}

std::string valueOf(const ElementTree& tree, DicomTag tag)
{
    const auto it = tree.find(tag);
    return it == tree.end() ? std::string() : std::string(trimmed(it->second.value()));
}

std::string joinedBy(const std::vector<std::string>& parts)
{
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i)
        text += (i ? "\\" : "") + parts[i];
    return text;
}

std::vector<std::string> partsOf(std::string_view value)
{
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= value.size();) {
        const std::size_t end = std::min(value.find('\\', at), value.size());
        parts.emplace_back(trimmed(value.substr(at, end - at)));
        at = end + 1;
    }
    return parts;
}

// A patient is the same in objects of other character sets.
std::string utf8ValueOf(const ElementTree& tree, DicomTag tag, TextKind kind)
{
    return utf8FromDicom(valueOf(tree, tag), partsOf(valueOf(tree, characterSetTag)), kind);
}

// Single-frame images in whose definitions dates, devices and operators are of type 2 or 3.
bool isClassicImage(const std::string& sopClass)
{
    static constexpr std::array<std::string_view, 7> classes{
        "1.2.840.10008.5.1.4.1.1.2",    // CT
        "1.2.840.10008.5.1.4.1.1.4",    // MR
        "1.2.840.10008.5.1.4.1.1.1",    // CR
        "1.2.840.10008.5.1.4.1.1.7",    // secondary capture
        "1.2.840.10008.5.1.4.1.1.6.1",  // US
        "1.2.840.10008.5.1.4.1.1.1.1",  // DX for presentation
        "1.2.840.10008.5.1.4.1.1.1.2"}; // MG for presentation
    return std::find(classes.begin(), classes.end(), sopClass) != classes.end();
}

// Attributes whose values name a person, a visit, an institution or a device, beside those of VR PN.
bool isIdentifying(DicomTag tag)
{
    static constexpr std::array<DicomTag, 22> tags{
        0x00080050, 0x00080080, 0x00080081, 0x00081010, 0x00081040, 0x00100020, 0x00101000, 0x00101002,
        0x00101040, 0x00101090, 0x00102154, 0x00102155, 0x00181000, 0x00321032, 0x00380010, 0x00380060,
        0x00402016, 0x00402017, 0x00404025, 0x0040A123, 0x00080092, 0x00080094};
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

bool isText(const std::string& vr)
{
    static constexpr std::array<std::string_view, 8> vrs{"LO", "SH", "ST", "LT", "UT", "UC", "PN", "AE"};
    return std::find(vrs.begin(), vrs.end(), vr) != vrs.end();
}

// A text of nothing but padding has no value; two zero bytes of a number have.
bool isWithoutValue(const Element& element)
{
    if (element.vr == "SQ")
        return element.items.empty();
    static constexpr std::array<std::string_view, 8> texts{"UI", "CS", "DA", "DT", "TM", "DS", "IS", "AS"};
    const bool isTextual =
        isText(element.vr) || std::find(texts.begin(), texts.end(), element.vr) != texts.end();
    return isTextual ? trimmed(element.value()).empty() : element.value().empty();
}

std::string dummyOf(const std::string& vr)
{
    if (vr == "DA")
        return "19000101";
    if (vr == "TM")
        return "000000";
    if (vr == "DT")
        return "19000101000000";
    if (vr == "AS")
        return "000Y";
    if (vr == "PN")
        return "Anonymous";
    if (vr == "IS" || vr == "DS")
        return "0";
    if (isText(vr) || vr == "UR")
        return "Removed";
    return vr == "CS" ? "REMOVED" : std::string(2, '\0');
}

} // namespace

DataSetCleaner::DataSetCleaner(const IdentityMap& identities, const DeidentificationOptions& options,
                               DeidentifiedFile& outcome)
    : m_identities(identities), m_options(options), m_outcome(outcome)
{
}

void DataSetCleaner::clean(ElementTree& tree)
{
    std::string key = utf8ValueOf(tree, patientIdTag, TextKind::Text);
    if (key.empty())
        key = utf8ValueOf(tree, patientNameTag, TextKind::PersonName);
    if (key.empty())
        key = valueOf(tree, studyUidTag);
    m_pseudonym = m_identities.pseudonym(key);
    m_dayShift = m_identities.dayShift(key);
    m_isClassic = isClassicImage(valueOf(tree, sopClassTag));
    collect(tree);
    cleanTree(tree);
    // Both are of type 2 everywhere, and files are told apart by them.
    tree[patientNameTag] = textElement("PN", m_pseudonym);
    tree[patientIdTag] = textElement("LO", m_pseudonym);
}

// Before anything is changed: an early element may repeat what a late one says.
void DataSetCleaner::collect(const ElementTree& tree)
{
    for (const auto& [tag, element] : tree) {
        for (const ElementTree& item : element.items)
            collect(item);
        if ((tag >> 16) & 1U)
            continue;
        const bool isName = element.vr == "PN";
        if (!isName && !isIdentifying(tag))
            continue;
        if (handlingOf(tag, element.vr, m_options, m_isClassic) == Handling::Keep)
            continue;
        for (const std::string& part : partsOf(element.value()))
            isName ? m_identifiers.addName(part) : m_identifiers.addText(part);
    }
}

bool DataSetCleaner::isDropped(DicomTag tag, const std::set<DicomTag>& safePrivate)
{
    const DicomTag group = tag >> 16;
    if (safePrivate.contains(tag))
        return false;
    if (group & 1U) {
        ++m_outcome.privateRemoved;
        return true;
    }
    const bool isCurve = (group & 0xFF00) == 0x5000, isOverlay = (group & 0xFF00) == 0x6000;
    return isCurve || isOverlay || group <= 0x0002 || tag == iconTag;
}

void DataSetCleaner::cleanTree(ElementTree& tree)
{
    const std::set<DicomTag> safePrivate =
        m_options.retainSafePrivate ? safePrivateElements(tree) : std::set<DicomTag>();
    for (auto it = tree.begin(); it != tree.end();) {
        const DicomTag tag = it->first;
        const bool isPrivate = (tag >> 16) & 1U;
        if (!isDropped(tag, safePrivate) && keeps(tag, it->second, tree)) {
            ++it;
            continue;
        }
        if (!isPrivate)
            ++m_outcome.removed[tagText(tag)];
        it = tree.erase(it);
    }
}

bool DataSetCleaner::keeps(DicomTag tag, Element& element, const ElementTree& siblings)
{
    const bool isEmpty = isWithoutValue(element);
    if (tag == contentSequence) {
        cleanContentItems(element.items);
        return true;
    }
    const Handling handling = handlingOf(tag, element.vr, m_options, m_isClassic);
    if (handling == Handling::Remove)
        return false;
    if (isEmpty) {
        element.set({});
        return true;
    }
    switch (handling) {
    case Handling::Empty:
        return emptied(tag, element, siblings);
    case Handling::Dummy:
        dummy(tag, element, siblings);
        return true;
    case Handling::ReplaceUid:
        if (!namesConcept(tag))
            replaceUids(element);
        return true;
    case Handling::ShiftDate:
        return shiftDates(tag, element);
    case Handling::CleanText:
        cleanWords(tag, element);
        return true;
    default:
        break;
    }
    for (ElementTree& item : element.items)
        cleanTree(item);
    if (isText(element.vr))
        scrub(tag, element);
    return true;
}

bool DataSetCleaner::emptied(DicomTag tag, Element& element, const ElementTree& siblings)
{
    if (tag == patientNameTag || tag == patientIdTag || tag == roiNameTag) {
        dummy(tag, element, siblings);
        return true;
    }
    ++m_outcome.emptied[tagText(tag)];
    element.items.clear();
    element.set({});
    return true;
}

void DataSetCleaner::dummy(DicomTag tag, Element& element, const ElementTree& siblings)
{
    ++m_outcome.replaced[tagText(tag)];
    if (tag == personCodes) {
        ElementTree code;
        code[0x00080100] = textElement("SH", "0");
        code[0x00080102] = textElement("SH", "99ANNOTOMY");
        code[0x00080104] = textElement("LO", "Removed");
        element.items = {std::move(code)};
        return;
    }
    for (ElementTree& item : element.items)
        cleanTree(item);
    if (element.vr == "SQ")
        return;
    if (tag == patientNameTag || tag == patientIdTag)
        element.set(m_pseudonym);
    else if (tag == roiNameTag)
        element.set("ROI " + valueOf(siblings, roiNumberTag));
    else
        element.set(dummyOf(element.vr));
}

std::string DataSetCleaner::newUid(const std::string& uid)
{
    const bool isDicomsOwn = uid.starts_with("1.2.840.10008.");
    if (uid.empty() || isDicomsOwn || m_options.retainUids)
        return uid;
    m_identifiers.addUid(uid);
    ++m_outcome.uidsReplaced;
    return m_identities.uid(uid);
}

void DataSetCleaner::replaceUids(Element& element)
{
    std::vector<std::string> parts = partsOf(element.value());
    for (std::string& part : parts)
        part = newUid(part);
    element.set(joinedBy(parts));
}

// Times of the day stay. What is no whole day cannot be moved and is emptied.
bool DataSetCleaner::shiftDates(DicomTag tag, Element& element)
{
    if (element.vr == "TM")
        return true;
    std::vector<std::string> parts = partsOf(element.value());
    for (std::string& part : parts)
        part = shiftedDate(part, m_dayShift).value_or("");
    element.set(joinedBy(parts));
    ++m_outcome.replaced[tagText(tag)];
    return true;
}

void DataSetCleaner::cleanWords(DicomTag tag, Element& element)
{
    const std::string value(trimmed(element.value()));
    std::string words = m_identifiers.without(knownWordsOf(value));
    if (words == value)
        return;
    ++m_outcome.cleaned[tagText(tag)];
    element.set(words.empty() ? "Removed" : std::move(words));
}

void DataSetCleaner::scrub(DicomTag tag, Element& element)
{
    std::string text = m_identifiers.without(element.value());
    if (text == element.value())
        return;
    ++m_outcome.cleaned[tagText(tag)];
    element.set(trimmed(text).empty() ? "Removed" : std::move(text));
}

void DataSetCleaner::cleanContentItems(std::vector<ElementTree>& items)
{
    for (ElementTree& item : items) {
        if (cleanContentItem(item, m_options, m_identities))
            ++m_outcome.replaced[tagText(contentSequence)];
        cleanTree(item);
    }
}

} // namespace annotomy
