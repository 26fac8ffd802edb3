#pragma once

#include "core/io/series.h"

#include <functional>
#include <string>
#include <vector>

namespace annotomy {

struct ScanProgress {
    double fraction = 0;
    std::int64_t found = 0; // files so far; grows until the folders are counted
    std::int64_t done = 0;
    double perSecond = 0;
};

struct ScanSettings {
    std::string scratchFolder;      // for what does not fit into memory; empty: the system's temporary folder
    std::string archiveFolder;      // where ZIP archives are unpacked; empty: they are skipped
    std::string headerCacheFolder;  // remembers unchanged files; empty: nothing is remembered
    std::vector<std::string> leaveOut; // files on which a reader has died, ascending
    std::int64_t settledNs = 2'000'000'000; // files that changed later than so long ago are not remembered
    std::size_t memoryBytes = std::size_t{32} << 20; // what is held before it is written aside
};

// What takes the finds of a scan one by one; an error ends it.
struct ScanSink {
    std::function<Result<void>(SeriesEntry)> series; // in order: DICOM first; by patient, study, series number
    std::function<Result<void>(MaskFile)> mask;
};

// As scanPaths, for any number of files: none of the lists of the result grows with them.
Result<ScanTotals> scanInto(const std::vector<std::string>& paths, const ScanSettings& settings, const ScanSink& sink,
                            std::stop_token stop = {}, const std::function<void(const ScanProgress&)>& report = {});

// The answer of annotomy-reader to a scan: a file of JSON lines, one a find, the totals last.
class ScanLines {
public:
    static Result<ScanLines> create(const std::string& path);
    ScanLines(ScanLines&&) noexcept;
    ~ScanLines();

    Result<void> write(const SeriesEntry& entry);
    Result<void> write(const MaskFile& mask);
    Result<void> finish(const ScanTotals& totals); // required once, last

private:
    struct State;
    explicit ScanLines(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

// Errors: those of the sink, and Malformed for a file without its end.
Result<ScanTotals> readScanLines(const std::string& path, const ScanSink& sink);

} // namespace annotomy
