#include "app/workbench/case_import.h"

#include "app/workbench/image_copy.h"
#include "app/workbench/mask_matching.h"
#include "app/workbench/series_growth.h"
#include "app/workbench/thumbnail.h"
#include "app/workbench/workbench_impl.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace annotomy {

namespace fs = std::filesystem;

namespace {


bool contains(const std::string& text, const std::string& word)
{
    const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
    return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

void flagScouts(SeriesEntry& entry)
{
    const std::string& description = entry.info.seriesDescription;
    const bool scout = contains(description, "localizer") || contains(description, "localiser")
        || contains(description, "scout") || contains(description, "topogram") || contains(description, "surview");
    if (scout && !hasWarning(entry.info, "localiser"))
        entry.info.warnings.push_back({"localiser", "This series is a localiser: it shows where others lie.", {}});
    if (entry.geometry.size[2] == 1 && !hasWarning(entry.info, "singleSlice"))
        entry.info.warnings.push_back({"singleSlice", "This series is a single slice, not a volume.", {}});
}

std::string patientKeyOf(const SeriesEntry& entry)
{
    if (!entry.info.patientId.empty())
        return entry.info.patientId;
    return entry.info.patientName;
}

// What became of the overlay planes is told by the case, not by the scan.
void takeOverlayWarning(const ImageInfo& ofCase, ImageInfo& scanned)
{
    for (Warning& warning : scanned.warnings)
        for (const Warning& known : ofCase.warnings)
            if (warning.code == "overlay" && known.code == warning.code)
                warning.text = known.text;
}

} // namespace

CaseImport::CaseImport(Workspace& workspace, ReaderClient& reader, const ImportOptions& options, std::stop_token stop)
    : m_workspace(workspace), m_cache(workspace.folder(), reader), m_options(options), m_stop(std::move(stop))
{
}

// Its files lie in the workspace: copied, or unpacked of an archive.
bool CaseImport::isOurs(const SeriesEntry& entry) const
{
    return liesIn(entry.files.front(), m_workspace.folder());
}

Result<SeriesEntry> CaseImport::prepared(const SeriesEntry& entry)
{
    SeriesEntry result = entry;
    flagScouts(result);
    if (!m_options.copy)
        return result;
    const std::string key = sha256Hex(std::as_bytes(std::span<const char>(entry.contentKey))).substr(0, 16);
    Result<SeriesEntry> copy = copySeries(result, m_workspace.folder() + "/images", key, m_stop);
    if (copy || copy.error().code != ErrorCode::Unsupported)
        return copy;
    result.info.warnings.push_back({"notCopied", "This image stays where it is: " + copy.error().detail + ".",
                                    entry.files});
    return result;
}

Result<std::optional<CaseId>> CaseImport::joinedAsChannel(const SeriesEntry& entry)
{
    if (m_options.channel.empty() || entry.info.frameOfReferenceUid.empty())
        return std::optional<CaseId>();
    const Result<std::vector<CaseId>> cases = m_workspace.casesOfPatient(patientKeyOf(entry));
    if (!cases)
        return cases.error();
    for (const CaseId id : *cases) {
        const Result<CaseRecord> record = m_workspace.caseById(id);
        if (!record)
            return record.error();
        if (record->series.info.frameOfReferenceUid != entry.info.frameOfReferenceUid
            || record->series.contentKey == entry.contentKey)
            continue;
        if (const auto added = m_workspace.addChannel(id, m_options.channel, entry); !added)
            return added.error();
        return std::optional(id);
    }
    return std::optional<CaseId>();
}

// The case of the same series whose slices are some of these, or the other way round.
Result<std::optional<CaseRecord>> CaseImport::relative(const SeriesEntry& entry)
{
    const auto cases = m_workspace.casesOfSeries(entry.format == "dicom" ? entry.info.seriesUid : std::string());
    if (!cases)
        return cases.error();
    for (const CaseId id : *cases) {
        const auto record = m_workspace.caseById(id);
        if (!record)
            return record.error();
        if (holdsSlicesOf(entry, record->series) || holdsSlicesOf(record->series, entry))
            return std::optional(*record);
    }
    return std::optional<CaseRecord>();
}

Result<void> CaseImport::known(CaseId id, Outcome& outcome)
{
    outcome.imported.id = id;
    const auto record = m_workspace.caseById(id);
    if (!record)
        return record.error();
    std::error_code error;
    takeOverlayWarning(record->series.info, outcome.entry.info);
    const bool isGone = !record->series.files.empty() && !fs::exists(record->series.files.front(), error);
    if (!m_options.copy && !isGone)
        return {};
    return m_workspace.relink(id, outcome.entry);
}

Result<void> CaseImport::grown(const CaseRecord& former, Outcome& outcome)
{
    const int more = static_cast<int>(outcome.entry.files.size() - former.series.files.size());
    const std::string total = std::to_string(outcome.entry.files.size());
    const Result<void> taken = m_workspace.regrow(former.id, outcome.entry);
    if (taken) {
        outcome.imported.id = former.id;
        outcome.imported.grew = true;
        outcome.entry.info.warnings.push_back(
            {"seriesGrew", "The series has grown by " + std::to_string(more) + " slices since it was imported.", {}});
        return decodeSmall(outcome);
    }
    if (taken.error().code != ErrorCode::Conflict)
        return taken;
    // Work lies on the former grid: it stays, and the whole series becomes a case of its own.
    const std::string name = "case " + std::to_string(former.id.value);
    outcome.entry.info.warnings.push_back({"seriesGrew",
                                           "The series has grown: " + name + " was made of "
                                               + std::to_string(former.series.files.size()) + " of its " + total
                                               + " slices and keeps them, with the work that was done on it.",
                                           {}});
    const auto made = m_workspace.addCase(outcome.entry, former.channel, isOurs(outcome.entry));
    if (!made)
        return made.error();
    outcome.imported.id = made->id;
    outcome.imported.isNew = made->isNew;
    if (const auto told = m_workspace.addWarning(
            former.id, {"grownSince",
                        "The series has grown since: case " + std::to_string(made->id.value) + " holds all of its "
                            + total + " slices.",
                        {}});
        !told)
        return told;
    return decodeSmall(outcome);
}

// An image that cannot be decoded is refused before there is a case of it.
Result<void> CaseImport::added(Outcome& outcome)
{
    const auto thumbnail = smallThumbnail(outcome.entry);
    if (!thumbnail) {
        if (thumbnail.error().code == ErrorCode::Cancelled || thumbnail.error().code == ErrorCode::DiskFull)
            return thumbnail.error();
        outcome.notDecoded = thumbnail.error();
        return {};
    }
    const std::string channel = m_options.channel.empty() ? "image" : m_options.channel;
    const auto made = m_workspace.addCase(outcome.entry, channel, isOurs(outcome.entry));
    if (!made)
        return made.error();
    outcome.imported.id = made->id;
    outcome.imported.isNew = made->isNew;
    return made->isNew && !thumbnail->empty() ? m_workspace.setThumbnail(made->id, *thumbnail) : Result<void>();
}

// Empty for a large stack, of which a slice is tried only. What decoding finds goes to the entry's warnings.
Result<std::vector<std::byte>> CaseImport::smallThumbnail(SeriesEntry& entry)
{
    if (!isDecodedAtImport(entry.geometry)) {
        const auto readable = m_cache.probe(entry, m_stop);
        return readable ? Result(std::vector<std::byte>()) : readable.error();
    }
    const Result<CachedImage> image = m_cache.fetch(entry, m_stop, {});
    if (!image)
        return image.error();
    for (const Warning& warning : image->warnings)
        putWarning(warning, entry.info.warnings);
    return thumbnailPng(image->volume, entry.info);
}

// Of a case that is there already.
Result<void> CaseImport::decodeSmall(Outcome& outcome)
{
    const SeriesEntry scanned = outcome.entry;
    const auto thumbnail = smallThumbnail(outcome.entry);
    if (thumbnail && !thumbnail->empty()) {
        if (const auto kept = keepDamage(m_workspace, scanned, outcome.entry.info.warnings); !kept)
            return kept;
        return m_workspace.setThumbnail(outcome.imported.id, *thumbnail);
    }
    if (thumbnail)
        return {};
    if (thumbnail.error().code == ErrorCode::Cancelled || thumbnail.error().code == ErrorCode::DiskFull)
        return thumbnail.error();
    outcome.notDecoded = thumbnail.error();
    return {};
}

Result<void> CaseImport::addMember(const SeriesEntry& entry, CaseId id)
{
    const Result<SeriesEntry> ready = prepared(entry);
    if (!ready)
        return ready.error();
    const std::string prefix = m_options.channel.empty() ? "" : m_options.channel + " ";
    return m_workspace.addChannel(
        id, prefix + entry.sequence.kind + " " + std::to_string(entry.sequence.index + 1), *ready);
}

Result<CaseImport::Outcome> CaseImport::run(const SeriesEntry& entry)
{
    Outcome outcome;
    const auto same = m_workspace.caseOfContent(entry.contentKey);
    if (!same)
        return same.error();
    const auto former = *same ? Result<std::optional<CaseRecord>>(std::optional<CaseRecord>()) : relative(entry);
    if (!former)
        return former.error();
    const bool isPart = *former && holdsSlicesOf((*former)->series, entry);
    if (isPart) { // some slices of what is there already
        outcome.entry = (*former)->series;
        outcome.imported.id = (*former)->id;
    } else {
        auto ready = prepared(entry);
        if (!ready)
            return ready.error();
        outcome.entry = *std::move(ready);
        const auto channelOf = joinedAsChannel(outcome.entry);
        if (!channelOf)
            return channelOf.error();
        if (*channelOf)
            outcome.imported.id = **channelOf;
        else if (const auto done = *same     ? known(**same, outcome)
                                   : *former ? grown(**former, outcome)
                                             : added(outcome);
                 !done)
            return done.error();
    }
    if (!outcome.imported.id)
        return outcome;
    const Result<CaseRecord> record = m_workspace.caseById(outcome.imported.id);
    if (!record)
        return record.error();
    outcome.imported.patient = record->patientName;
    outcome.imported.modality = outcome.entry.info.modality;
    outcome.imported.size = outcome.entry.geometry.size;
    outcome.imported.warnings = outcome.entry.info.warnings;
    return outcome;
}

} // namespace annotomy
