#include "app/workbench/export_privacy.h"

#include "core/privacy/identifiers.h"

#include <filesystem>

namespace annotomy {

namespace {

Identifiers identifiersOf(const SeriesEntry& series)
{
    Identifiers identifiers;
    identifiers.addName(series.info.patientName);
    identifiers.addText(series.info.patientId);
    return identifiers;
}

std::string trimmed(std::string text)
{
    text.erase(0, text.find_first_not_of(' '));
    return text.erase(text.find_last_not_of(' ') + 1);
}

std::string cleaned(const Identifiers& identifiers, const std::string& text)
{
    const std::string rest = trimmed(identifiers.without(text));
    return rest.empty() && !text.empty() ? "Removed" : rest;
}

} // namespace

Result<void> checkFileName(const std::string& path, const SeriesEntry& series)
{
    const std::string name = std::filesystem::path(path).filename().string();
    if (identifiersOf(series).occurIn(name, Identifiers::Match::WholeWords))
        return Error{ErrorCode::InvalidArgument, path,
                     "the file's name holds the patient's name or number; choose another for a de-identified file"};
    return {};
}

LabelMap withoutIdentity(const LabelMap& labels, const SeriesEntry& series, const std::string& author,
                         const ExportPrivacy& privacy)
{
    Identifiers identifiers = identifiersOf(series);
    identifiers.addName(author);
    const IdentityMap identities(privacy.secret);
    LabelMap result = labels;
    const std::vector<Segment> segments = labels.segments().segments();
    for (Segment segment : segments) {
        segment.name = cleaned(identifiers, segment.name);
        segment.description.clear();
        if (!segment.trackingId.empty())
            segment.trackingId = identities.label(segment.trackingId);
        if (!segment.trackingUid.empty() && !privacy.options.retainUids)
            segment.trackingUid = identities.uid(segment.trackingUid);
        result.segments().update(segment);
    }
    return result;
}

void withNamesOf(const LabelMap& written, LabelMap& readBack, std::vector<std::string>& notes)
{
    const std::vector<Segment> before = written.segments().segments(), after = readBack.segments().segments();
    if (before.size() != after.size())
        return;
    for (std::size_t n = 0; n < before.size(); ++n) {
        Segment segment = after[n];
        if (segment.name == before[n].name)
            continue;
        notes.push_back("segment \"" + before[n].name + "\" is called \"" + segment.name + "\" in the file");
        segment.name = before[n].name;
        readBack.segments().update(segment);
    }
}

} // namespace annotomy
