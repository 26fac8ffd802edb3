#pragma once

#include "app/workbench/reader_client.h"
#include "app/workbench/workbench.h"

#include <QTemporaryDir>

namespace annotomy {

struct Workbench::Impl {
    std::unique_ptr<Workspace> workspace;
    ProgramPaths programs;
    ReaderClient reader;
    std::unique_ptr<QTemporaryDir> scratch = {}; // images decoded for a workspace that cannot be written to

    // From the cache, decoded into it first when it is not there.
    Result<Volume> fetch(const SeriesEntry& series, std::stop_token stop, const JobReport& report);
    Result<SeriesEntry> channelSeries(CaseId id, const std::string& channel); // the primary image's for an empty name
};

// What decoding found of a series' damaged slices goes to its warnings, in place of what was known of them.
Result<void> keepDamage(Workspace& workspace, const SeriesEntry& series, const std::vector<Warning>& found);

// The part of a job's report that a stage with a plain fraction fills.
ProgressReport stageReport(const JobReport& report, const std::string& stage, double from = 0, double to = 1);
void reportStage(const JobReport& report, const std::string& stage, double fraction);

// How errors and windows name a case: its patient and number.
std::string caseName(const CaseRecord& record);

// Why a case without a mask is not approved unasked.
Error noMaskToSign(const CaseRecord& record);

// The path of a case's decoded image (.avol), decoded first when need be.
Result<std::string> decodedImagePath(Workbench& workbench, ReaderClient& reader, CaseId id,
                                     std::stop_token stop);

// {"reason": …}, as decisions keep it.
std::string reasonJson(const std::string& reason);

// Errors: ReadOnly with the workspace's reason.
Result<void> requireWritable(const Workspace& workspace);

} // namespace annotomy
