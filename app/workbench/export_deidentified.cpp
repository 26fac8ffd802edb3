#include "app/workbench/deidentify.h"

#include <QTemporaryDir>

#include <filesystem>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

// What was written is taken away again: a report without the segmentation that it refers to is of no use.
void removeAll(const std::vector<std::string>& files)
{
    std::error_code ignored;
    for (const std::string& file : files)
        fs::remove(file, ignored);
}

} // namespace

Result<ExportOutcome> exportDeidentified(Workbench& workbench, CaseId id, RevisionId revision, const std::string& format,
                                         const std::string& outPath, const DeidentificationOptions& options,
                                         std::stop_token stop, const JobReport& report)
{
    const ExportFormat* row = exportFormatNamed(format);
    if (!row || row->suffixes.front() != ".dcm")
        return Error{ErrorCode::InvalidArgument, "format " + format, "only DICOM objects carry a patient to be taken out"};
    const Result<std::string> secret = deidentificationSecret(deidentificationKeyPath(workbench.workspace().folder()));
    if (!secret)
        return secret.error();
    const QTemporaryDir aside;
    const fs::path target(outPath), folder(aside.path().toStdString());
    const Result<ExportOutcome> named =
        workbench.exportMask(id, revision, format, (folder / target.filename()).string(), stop, report);
    if (!named)
        return named;
    ReaderClient reader(workbench.programs().reader);
    ExportOutcome outcome;
    outcome.notes = named->notes;
    for (const std::string& file : named->files) {
        const std::string path = (target.parent_path() / fs::path(file).filename()).string();
        const Result<DeidentifiedFile> written = reader.deidentifyOne(file, path, *secret, options, stop);
        if (!written) {
            removeAll(outcome.files);
            return written.error();
        }
        outcome.files.push_back(path);
        outcome.notes.insert(outcome.notes.end(), written->warnings.begin(), written->warnings.end());
    }
    return outcome;
}

} // namespace annotomy
