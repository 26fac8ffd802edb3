#include "core/privacy/method_record.h"

#include <algorithm>
#include <vector>

namespace annotomy {

namespace {

constexpr DicomTag identityRemoved = 0x00120062, methodText = 0x00120063, methodCodes = 0x00120064,
                   temporalModified = 0x00280303;

struct Method {
    const char* code;
    const char* meaning; // 64 characters at most
};

std::vector<Method> methodsOf(const DeidentificationOptions& options, bool wasContent)
{
    std::vector<Method> methods{{"113100", "Basic Application Confidentiality Profile"}};
    const auto add = [&](bool used, const char* code, const char* meaning) {
        if (used)
            methods.push_back({code, meaning});
    };
    add(wasContent, "113104", "Clean Structured Content Option");
    add(options.cleanDescriptors, "113105", "Clean Descriptors Option");
    add(options.dates == DateHandling::Keep, "113106",
        "Retain Longitudinal Temporal Information Full Dates Option");
    add(options.dates == DateHandling::Shift, "113107",
        "Retain Longitudinal Temporal Information Modified Dates Option");
    add(options.retainPatientCharacteristics, "113108", "Retain Patient Characteristics Option");
    add(options.retainDevice, "113109", "Retain Device Identity Option");
    add(options.retainUids, "113110", "Retain UIDs Option");
    add(options.retainSafePrivate, "113111", "Retain Safe Private Option");
    add(options.retainInstitution, "113112", "Retain Institution Identity Option");
    return methods;
}

bool holdsCode(const std::vector<ElementTree>& items, const std::string& code)
{
    return std::any_of(items.begin(), items.end(), [&](const ElementTree& item) {
        const auto it = item.find(0x00080100);
        return it != item.end() && it->second.value().substr(0, code.size()) == code;
    });
}

} // namespace

void recordMethod(ElementTree& tree, const DeidentificationOptions& options, bool wasContent)
{
    tree[identityRemoved] = textElement("CS", "YES");
    tree[methodText] = textElement("LO", "PS3.15 Annex E Basic Profile, table E.1-1 of 2026d\\Annotomy");
    Element& codes = tree[methodCodes];
    codes.vr = "SQ";
    for (const Method& method : methodsOf(options, wasContent)) {
        if (holdsCode(codes.items, method.code))
            continue;
        ElementTree item;
        item[0x00080100] = textElement("SH", method.code);
        item[0x00080102] = textElement("SH", "DCM");
        item[0x00080104] = textElement("LO", method.meaning);
        codes.items.push_back(std::move(item));
    }
    tree[temporalModified] = textElement("CS", options.dates == DateHandling::Keep    ? "UNMODIFIED"
                                               : options.dates == DateHandling::Shift ? "MODIFIED"
                                                                                      : "REMOVED");
}

} // namespace annotomy
