#include "app/workbench/workbench.h"

#include "app/workbench/leftovers.h"
#include "app/workbench/workbench_impl.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace annotomy {

namespace {

// A host that was named, a program that was, the one built for CUDA where it lies beside, else the ordinary one.
QString workerProgram(const QDir& folder)
{
    const QString host = qEnvironmentVariable("ANNOTOMY_HOST"); // where models run, over ssh
    if (!host.isEmpty())
        return host.contains(QStringLiteral("://")) ? host : QStringLiteral("ssh://") + host;
    const QString named = qEnvironmentVariable("ANNOTOMY_WORKER");
    if (!named.isEmpty())
        return named;
    const QString forCuda = folder.filePath(QStringLiteral("annotomy-worker-cuda"));
    return QFileInfo::exists(forCuda) ? forCuda : folder.filePath(QStringLiteral("annotomy-worker"));
}

} // namespace

ProgramPaths defaultProgramPaths()
{
    const QDir folder(QCoreApplication::applicationDirPath());
    return {folder.filePath(QStringLiteral("annotomy-reader")).toStdString(), workerProgram(folder).toStdString()};
}

std::string defaultWorkspaceFolder()
{
    const QString fromEnvironment = qEnvironmentVariable("ANNOTOMY_WORKSPACE");
    return (fromEnvironment.isEmpty() ? QDir::homePath() + QStringLiteral("/Annotomy") : fromEnvironment).toStdString();
}

ProgressReport stageReport(const JobReport& report, const std::string& stage, double from, double to)
{
    if (!report)
        return {};
    return [report, stage, from, to](double fraction) { reportStage(report, stage, from + (to - from) * fraction); };
}

void reportStage(const JobReport& report, const std::string& stage, double fraction)
{
    if (!report)
        return;
    JobUpdate update;
    update.stage = stage;
    update.fraction = fraction;
    report(update);
}

std::string caseName(const CaseRecord& record)
{
    return record.patientName + " (case " + std::to_string(record.id.value) + ")";
}

std::string reasonJson(const std::string& reason)
{
    return nlohmann::json{{"reason", reason}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<void> requireWritable(const Workspace& workspace)
{
    if (workspace.readOnly())
        return Error{ErrorCode::ReadOnly, workspace.folder(), workspace.readOnlyReason()};
    return {};
}

Result<std::unique_ptr<Workbench>> Workbench::open(const std::string& workspaceFolder, const ProgramPaths& programs)
{
    auto workspace = Workspace::open(workspaceFolder);
    if (!workspace)
        return workspace.error();
    // Runs whose program was killed can be resumed from now on.
    if (const auto marked = (*workspace)->interruptedRuns(); !marked)
        return marked.error();
    if (!(*workspace)->readOnly())
        removeLeftovers((*workspace)->folder());
    auto impl = std::unique_ptr<Impl>(new Impl{*std::move(workspace), programs, ReaderClient(programs.reader)});
    return std::unique_ptr<Workbench>(new Workbench(std::move(impl)));
}

Workbench::Workbench(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Workbench::~Workbench() = default;

Workspace& Workbench::workspace()
{
    return *m_impl->workspace;
}

const ProgramPaths& Workbench::programs() const
{
    return m_impl->programs;
}

Result<RevisionRecord> Workbench::newestRevision(CaseId id)
{
    const Result<CaseRecord> record = workspace().caseById(id);
    if (!record)
        return record.error();
    Result<std::vector<RevisionRecord>> revisions = workspace().revisions(id);
    if (!revisions)
        return revisions.error();
    if (revisions->empty())
        return Error{ErrorCode::NotFound, "a mask of " + caseName(*record), "the case has no revision yet"};
    return revisions->back();
}

Result<RevisionId> Workbench::chosenRevision(CaseId id, RevisionId asked)
{
    const Result<RevisionRecord> revision = asked ? workspace().revision(asked) : newestRevision(id);
    if (!revision)
        return revision.error();
    if (revision->caseId != id)
        return Error{ErrorCode::InvalidArgument, "revision " + std::to_string(asked.value), "it is another case's"};
    return revision->id;
}

Result<CaseId> Workbench::findCase(const std::string& idOrPatient)
{
    std::int64_t number = 0;
    const char* end = idOrPatient.data() + idOrPatient.size();
    const auto parsed = std::from_chars(idOrPatient.data(), end, number);
    if (parsed.ec == std::errc() && parsed.ptr == end) {
        if (const auto record = workspace().caseById({number}))
            return record->id;
    }
    const Result<std::vector<CaseRow>> cases = workspace().findCases({});
    if (!cases)
        return cases.error();
    std::vector<CaseId> found;
    std::string numbers;
    for (const CaseRow& record : *cases) {
        if (record.patientName != idOrPatient && record.patientKey != idOrPatient)
            continue;
        found.push_back(record.id);
        numbers += (numbers.empty() ? "" : ", ") + std::to_string(record.id.value);
    }
    if (found.empty())
        return Error{ErrorCode::NotFound, "case " + idOrPatient, "no case has this number or patient"};
    if (found.size() > 1)
        return Error{ErrorCode::InvalidArgument, "case " + idOrPatient,
                     "several cases belong to this patient; give one's number: " + numbers};
    return found.front();
}

} // namespace annotomy
