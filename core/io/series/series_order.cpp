#include "core/io/series/series_order.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <tuple>

namespace annotomy {

namespace {

class SeriesRun {
public:
    explicit SeriesRun(const std::string& path) : m_path(path), m_file(path, std::ios::binary) {}

    SeriesEntry& head() { return m_head; }
    const SeriesEntry& head() const { return m_head; }
    // False at the end. Errors: IoFailure.
    Result<bool> advance()
    {
        std::string line;
        if (!std::getline(m_file, line))
            return m_file.bad() ? Result<bool>(Error{ErrorCode::IoFailure, m_path, "it cannot be read back"}) : false;
        auto entry = seriesEntryFromJson(line);
        if (!entry)
            return entry.error();
        m_head = std::move(*entry);
        return true;
    }

private:
    std::string m_path;
    std::ifstream m_file;
    SeriesEntry m_head;
};

} // namespace

bool precedesAsSeries(const SeriesEntry& a, const SeriesEntry& b)
{
    const auto key = [](const SeriesEntry& e, const bool& foreign, const long& number) {
        return std::tie(foreign, e.info.patientId, e.info.patientName, e.info.studyDate, e.info.studyUid, number,
                        e.contentKey);
    };
    const bool foreignA = a.format != "dicom", foreignB = b.format != "dicom";
    const long numberA = std::strtol(a.info.seriesNumber.c_str(), nullptr, 10),
               numberB = std::strtol(b.info.seriesNumber.c_str(), nullptr, 10);
    return key(a, foreignA, numberA) < key(b, foreignB, numberB);
}

Result<void> writeSeriesRun(const std::string& path, const std::vector<SeriesEntry>& sorted)
{
    std::ofstream file(path, std::ios::binary);
    for (const SeriesEntry& entry : sorted)
        file << toJsonText(entry) << '\n';
    file.close();
    return file ? Result<void>() : Error{ErrorCode::DiskFull, path, "the scan could not be written aside"};
}

Result<void> mergeSeriesRuns(const std::vector<std::string>& paths,
                             const std::function<Result<void>(SeriesEntry)>& take)
{
    std::vector<std::unique_ptr<SeriesRun>> runs; // a heap; the run whose head is next in front
    const auto isLater = [](const auto& a, const auto& b) { return precedesAsSeries(b->head(), a->head()); };
    for (const std::string& path : paths) {
        auto run = std::make_unique<SeriesRun>(path);
        const auto more = run->advance();
        if (!more)
            return more.error();
        if (*more)
            runs.push_back(std::move(run));
    }
    std::make_heap(runs.begin(), runs.end(), isLater);
    while (!runs.empty()) {
        std::pop_heap(runs.begin(), runs.end(), isLater);
        if (auto taken = take(std::move(runs.back()->head())); !taken)
            return taken;
        const auto more = runs.back()->advance();
        if (!more)
            return more.error();
        if (*more)
            std::push_heap(runs.begin(), runs.end(), isLater);
        else
            runs.pop_back();
    }
    return {};
}

} // namespace annotomy
