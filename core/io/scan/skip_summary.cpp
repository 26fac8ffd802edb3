#include "core/io/scan/skip_summary.h"

#include "core/io/scan/zip_archive.h"

#include <algorithm>

namespace annotomy {

void SkipSummary::unpackedBelow(const std::string& folder, const std::string& archive)
{
    m_archives.emplace_back(folder + '/', archive);
}

void SkipSummary::add(SkippedFile file)
{
    for (const auto& [folder, archive] : m_archives)
        if (file.path.starts_with(folder))
            file.path = archiveEntryPath(archive, file.path.substr(folder.size()));
    if (file.detail.size() > mostDetail)
        file.detail.resize(mostDetail);
    Reason reason(file.code, file.detail);
    if (!m_groups.contains(reason) && m_groups.size() >= mostReasons)
        reason = {ErrorCode::Unsupported, "for other reasons"};
    Group& group = m_groups[reason];
    ++group.count;
    ++m_count;
    if (group.named.size() < mostNamed)
        group.named.push_back(std::move(file));
}

void SkipSummary::appendTo(ScanTotals& totals) const
{
    const std::size_t first = totals.skipped.size();
    for (const auto& [reason, group] : m_groups) {
        totals.skippedCounts.push_back({reason.first, reason.second, group.count});
        totals.skipped.insert(totals.skipped.end(), group.named.begin(), group.named.end());
    }
    std::stable_sort(totals.skippedCounts.begin(), totals.skippedCounts.end(),
                     [](const SkippedCount& a, const SkippedCount& b) { return a.count > b.count; });
    std::sort(totals.skipped.begin() + static_cast<std::ptrdiff_t>(first), totals.skipped.end(),
              [](const SkippedFile& a, const SkippedFile& b) { return a.path < b.path; });
    totals.filesSkipped += m_count;
}

} // namespace annotomy
