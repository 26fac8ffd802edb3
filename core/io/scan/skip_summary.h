#pragma once

#include "core/io/series.h"

#include <map>
#include <utility>

namespace annotomy {

// The files that a scan leaves out: every one counted by its reason, the first of each reason named, so that a million
// of them take no more room than some hundred. Internal to core/io.
class SkipSummary {
public:
    static constexpr std::size_t mostNamed = 100;    // files of one reason
    static constexpr std::size_t mostReasons = 200;  // further ones are counted together
    static constexpr std::size_t mostDetail = 300;   // bytes

    // What is left out below `folder` is told as an entry of the archive that was unpacked there.
    void unpackedBelow(const std::string& folder, const std::string& archive);
    void add(SkippedFile file);
    std::int64_t count() const { return m_count; }
    void appendTo(ScanTotals& totals) const;

private:
    using Reason = std::pair<ErrorCode, std::string>;
    struct Group {
        std::int64_t count = 0;
        std::vector<SkippedFile> named;
    };
    std::vector<std::pair<std::string, std::string>> m_archives; // by the folder, with its slash
    std::map<Reason, Group> m_groups;
    std::int64_t m_count = 0;
};

} // namespace annotomy
