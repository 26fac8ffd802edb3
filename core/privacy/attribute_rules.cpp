#include "core/privacy/attribute_rules.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace annotomy {

namespace {

// The options that keep, clean or shift an attribute.
enum Option : unsigned { none = 0, uid = 1, dev = 2, inst = 4, pat = 8, date = 16, desc = 32 };

constexpr Option operator|(Option a, Option b)
{
    return static_cast<Option>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

struct Rule {
    DicomTag tag;
    ProfileAction action;
    unsigned options;
};

using enum ProfileAction;

constexpr Rule rules[] = {
#include "core/privacy/attribute_rules_table.inc"
};

const Rule* ruleOf(DicomTag tag)
{
    const Rule* rule = std::lower_bound(std::begin(rules), std::end(rules), tag,
                                        [](const Rule& r, DicomTag t) { return r.tag < t; });
    return rule != std::end(rules) && rule->tag == tag ? rule : nullptr;
}

bool isDate(const std::string& vr)
{
    return vr == "DA" || vr == "DT" || vr == "TM";
}

Handling dateHandling(DateHandling dates, Handling otherwise)
{
    return dates == DateHandling::Keep    ? Handling::Keep
           : dates == DateHandling::Shift ? Handling::ShiftDate
                                          : otherwise;
}

// Nothing in the table: what may identify by its type alone is not kept either.
Handling unlisted(const std::string& vr, const DeidentificationOptions& options)
{
    if (vr == "UI")
        return options.retainUids ? Handling::Keep : Handling::ReplaceUid;
    if (isDate(vr))
        return dateHandling(options.dates, Handling::Empty);
    if (vr == "PN")
        return Handling::Empty;
    return vr == "AE" || vr == "UR" || vr == "UN" || vr.empty() ? Handling::Remove : Handling::Keep;
}

constexpr DicomTag referencedPerformedSteps = 0x00081111;

// Sequences are of type 2 in reports, and some in images, too. Of type 1 is only what original enhanced images refer to: the
// performed procedure step, which stays under another UID.
Handling sequenceHandling(DicomTag tag, ProfileAction action, bool isClassic)
{
    switch (action) {
    case XZU:
        return Handling::Keep; // the UIDs within are replaced
    case Z:
        return Handling::Empty;
    case D:
        return Handling::Dummy;
    case XZ:
        return isClassic ? Handling::Remove : Handling::Empty;
    case XZD:
        return !isClassic && tag == referencedPerformedSteps ? Handling::Keep : Handling::Remove;
    default:
        return Handling::Remove;
    }
}

Handling profileHandling(ProfileAction action, bool isClassic)
{
    switch (action) {
    case X:
        return Handling::Remove;
    case Z:
    case XZ:
        return Handling::Empty;
    case U:
    case XZU:
        return Handling::ReplaceUid;
    case ZD:
        return isClassic ? Handling::Empty : Handling::Dummy;
    case XD:
    case XZD:
        return isClassic ? Handling::Remove : Handling::Dummy;
    default:
        return Handling::Dummy;
    }
}

} // namespace

Handling handlingOf(DicomTag tag, const std::string& vr, const DeidentificationOptions& options,
                    bool isClassic)
{
    const Rule* rule = ruleOf(tag);
    if (!rule)
        return unlisted(vr, options);
    const auto asks = [rule](Option option) { return (rule->options & option) != 0; };
    if ((asks(uid) && options.retainUids) || (asks(dev) && options.retainDevice) ||
        (asks(inst) && options.retainInstitution) || (asks(pat) && options.retainPatientCharacteristics))
        return Handling::Keep;
    if (asks(desc) && options.cleanDescriptors && vr != "SQ" && vr != "OB")
        return Handling::CleanText;
    const bool isSequence = vr == "SQ";
    const Handling handling =
        isSequence ? sequenceHandling(tag, rule->action, isClassic) : profileHandling(rule->action, isClassic);
    if (!asks(date))
        return vr == "UI" && handling == Handling::Dummy ? Handling::ReplaceUid : handling;
    return isDate(vr) || options.dates == DateHandling::Keep ? dateHandling(options.dates, handling)
                                                             : handling;
}

bool namesConcept(DicomTag tag)
{
    static constexpr std::array<DicomTag, 14> tags{0x00020002, 0x00020010, 0x00020012, 0x00041510, 0x00041512,
                                                   0x00080016, 0x0008001A, 0x0008001B, 0x0008010C, 0x0008010D,
                                                   0x00080117, 0x00080118, 0x00081150, 0x00083002};
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

} // namespace annotomy
