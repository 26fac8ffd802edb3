#include "app/workbench/dataset_import.h"

#include "app/workbench/image_cache.h"
#include "app/workbench/image_copy.h"
#include "app/workbench/mask_attachment.h"
#include "app/workbench/workbench_impl.h"
#include "core/datasets/regions.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <set>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

Pool poolOf(Split split)
{
    switch (split) {
    case Split::Train: return Pool::Train;
    case Split::Validation: return Pool::Validation;
    case Split::Test: return Pool::Test;
    case Split::None: break;
    }
    return Pool::None;
}

// What a data set calls its channel tells the modality that a NIfTI file does not.
std::string modalityOf(const std::string& layout, const std::string& channel)
{
    std::string name = channel;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    static const std::set<std::string> mr{"MR", "MRI", "T1", "T1W", "T2", "T2W", "FLAIR", "T1GD", "T1CE", "PD", "PDW", "ADC"};
    if (name == "CT")
        return "CT";
    return layout == "bids" || mr.contains(name) ? "MR" : std::string();
}

// One import of a data set.
class DatasetImporter {
public:
    DatasetImporter(Workbench& workbench, ReaderClient& reader, const DatasetImportOptions& options, std::stop_token stop,
                    const JobReport& report)
        : m_workbench(workbench), m_workspace(workbench.workspace()), m_reader(reader), m_options(options),
          m_stop(std::move(stop)), m_report(report)
    {
    }

    Result<DatasetImportReport> run(const std::string& folder)
    {
        std::error_code error;
        const fs::path full = fs::canonical(folder, error);
        if (error)
            return Error{ErrorCode::NotFound, folder, "there is no such folder"};
        reportStage(m_report, "scanning", 0);
        Result<Dataset> dataset = m_reader.readDataset(m_options.layout, full.string(), m_stop);
        if (!dataset)
            return dataset.error();
        m_dataset = *std::move(dataset);
        m_outcome.name = m_dataset.name;
        m_outcome.notes = m_dataset.notes;
        if (const auto scanned = scan(full.string()); !scanned)
            return scanned.error();
        for (std::size_t n = 0; n < m_dataset.cases.size(); ++n) {
            if (m_stop.stop_requested())
                return cancelledError();
            reportStage(m_report, "importing", 0.3 + 0.7 * static_cast<double>(n) / static_cast<double>(m_dataset.cases.size()));
            if (const auto imported = importCase(m_dataset.cases[n]); !imported)
                return imported.error();
        }
        reportStage(m_report, "importing", 1);
        return std::move(m_outcome);
    }

private:
    Result<void> scan(const std::string& folder)
    {
        std::set<std::string> paths;
        for (const DatasetCase& one : m_dataset.cases) {
            if (!one.seriesUid.empty())
                paths.insert(folder); // the series are somewhere in it
            for (const DatasetImage& image : one.images)
                paths.insert(image.path);
        }
        const Result<ScanReport> scan =
            m_reader.scan({paths.begin(), paths.end()}, m_stop, stageReport(m_report, "scanning", 0, 0.3));
        if (!scan)
            return scan.error();
        static_cast<ScanTotals&>(m_outcome.report) = *scan;
        m_outcome.report.skipped.clear();
        for (const SkippedFile& file : scan->skipped)
            if (!file.path.ends_with(".xml")) // annotations, which are no images
                m_outcome.report.skipped.push_back(file);
        m_series = scan->series;
        for (std::size_t n = 0; n < m_series.size(); ++n)
            m_ofFile[m_series[n].files.front()].push_back(n);
        return {};
    }

    void skip(const std::string& path, const Error& error)
    {
        m_outcome.report.skipped.push_back({path, error.code, error.detail});
        m_outcome.report.skippedCounts.push_back({error.code, error.detail, 1});
        ++m_outcome.report.filesSkipped;
    }

    // The case's series, the primary one first; nothing when one of them is not there.
    std::optional<std::vector<SeriesEntry>> seriesOf(const DatasetCase& one)
    {
        std::vector<SeriesEntry> found;
        if (!one.seriesUid.empty()) {
            const SeriesEntry* largest = nullptr;
            for (const SeriesEntry& entry : m_series)
                if (entry.info.seriesUid == one.seriesUid &&
                    (!largest || entry.geometry.voxelCount() > largest->geometry.voxelCount()))
                    largest = &entry;
            if (!largest) {
                skip(one.maskPath, {ErrorCode::NotFound, {}, "its series " + one.seriesUid + " is not in the folder"});
                return std::nullopt;
            }
            return std::vector{*largest};
        }
        for (const DatasetImage& image : one.images) {
            const auto entries = m_ofFile.find(image.path);
            const std::size_t count = entries == m_ofFile.end() ? 0 : entries->second.size();
            const auto time = static_cast<std::size_t>(std::max(0, image.time));
            if (count == 0)
                return std::nullopt; // the scan has said why
            if (image.time < 0 ? count > 1 : time >= count) {
                skip(image.path, {ErrorCode::Unsupported, {}, "it holds " + std::to_string(count) +
                                                                  " volumes, which is not what the data set says"});
                return std::nullopt;
            }
            found.push_back(ofDataset(m_series[entries->second[time]], one, image));
        }
        return found;
    }

    SeriesEntry ofDataset(SeriesEntry entry, const DatasetCase& one, const DatasetImage& image) const
    {
        entry.info.patientId = m_dataset.name + "/" + one.patient;
        entry.info.patientName = m_options.layout == "bids" ? one.patient : one.name;
        if (m_options.layout == "bids")
            entry.info.studyUid = one.name; // a session
        entry.info.seriesDescription = image.channel;
        if (const std::string modality = modalityOf(m_options.layout, image.channel); !modality.empty())
            entry.info.modality = modality;
        entry.sequence = {}; // channels, not times
        return entry;
    }

    Result<SeriesEntry> prepared(const SeriesEntry& entry)
    {
        if (!m_options.copy)
            return entry;
        const std::string key = sha256Hex(std::as_bytes(std::span<const char>(entry.contentKey))).substr(0, 16);
        Result<SeriesEntry> copy = copySeries(entry, m_workspace.folder() + "/images", key, m_stop);
        if (copy || copy.error().code != ErrorCode::Unsupported)
            return copy;
        m_outcome.notes.push_back(entry.files.front() + " stays where it is: " + copy.error().detail + ".");
        return entry;
    }

    Result<void> importCase(const DatasetCase& one)
    {
        const auto series = seriesOf(one);
        if (!series)
            return {};
        std::vector<SeriesEntry> ready;
        for (const SeriesEntry& entry : *series) {
            const Result<SeriesEntry> copy = prepared(entry);
            if (!copy)
                return copy.error();
            ready.push_back(*copy);
        }
        const std::string channel = one.images.empty() ? "image" : one.images.front().channel;
        const bool isCopied = ready.front().files != series->front().files;
        const auto added = m_workspace.addCase(ready.front(), channel, isCopied);
        if (!added)
            return added.error();
        for (std::size_t n = 1; n < ready.size(); ++n)
            if (const auto joined = m_workspace.addChannel(added->id, one.images[n].channel, ready[n]); !joined)
                skip(ready[n].files.front(), joined.error());
        const Result<CaseRecord> record = m_workspace.caseById(added->id);
        if (!record)
            return record.error();
        ImportedCase imported;
        imported.id = added->id;
        imported.isNew = added->isNew;
        imported.patient = record->patientName;
        imported.modality = record->series.info.modality;
        imported.size = record->series.geometry.size;
        imported.warnings = record->series.info.warnings;
        m_outcome.report.newCases += imported.isNew;
        m_outcome.report.cases.push_back(std::move(imported));
        if (added->isNew && isDecodedAtImport(record->series.geometry))
            decode(*record);
        if (const auto attached = attachMask(one, *record); !attached)
            return attached;
        return reserve(one, *record);
    }

    // What decoding finds of the image is told with the case.
    void decode(const CaseRecord& record)
    {
        if (const auto image = m_workbench.image(record.id, m_stop); !image)
            return skip(record.series.files.front(), image.error());
        if (const auto decoded = m_workspace.caseById(record.id))
            m_outcome.report.cases.back().warnings = decoded->series.info.warnings;
    }

    // Failures of one file are listed; those of the workspace stop the import.
    Result<void> attachMask(const DatasetCase& one, const CaseRecord& record)
    {
        if (one.maskPath.empty())
            return {};
        std::vector<std::string> notes;
        Result<LabelMap> labels = m_reader.readMaskOf(record.series, one.maskPath, {}, m_stop, {}, notes);
        if (labels && !m_dataset.labels.empty())
            labels = named(*labels, m_dataset.labels);
        if (!labels) {
            if (labels.error().code == ErrorCode::Cancelled)
                return labels.error();
            skip(one.maskPath, labels.error());
            return {};
        }
        const std::string hash = sha256Hex(encodeLabelMap(*labels));
        const auto revisions = m_workspace.revisions(record.id);
        if (!revisions)
            return revisions.error();
        RevisionId& own = m_outcome.report.cases.back().revision;
        for (const RevisionRecord& revision : *revisions)
            if (revision.authorKind == AuthorKind::Import && revision.maskHash == hash)
                own = revision.id;
        if (own)
            return {};
        Attachment attachment;
        attachment.caseId = record.id;
        attachment.author = fs::path(one.maskPath).filename().string();
        attachment.note = withNotes("imported with the data set " + m_dataset.name, notes);
        const auto attached = attachLabels(m_workspace, attachment, *labels);
        if (!attached)
            return attached.error();
        own = attached->id;
        return {};
    }

    Result<void> reserve(const DatasetCase& one, const CaseRecord& record)
    {
        const Pool pool = poolOf(one.split);
        if (pool == Pool::None || record.pool == pool)
            return {};
        const auto reserved = m_workspace.reservePool(record.patientKey, pool);
        if (!reserved && reserved.error().code == ErrorCode::Conflict)
            m_outcome.notes.push_back(caseName(record) + " keeps its pool: " + reserved.error().detail + ".");
        else if (!reserved)
            return reserved;
        else
            ++m_outcome.reserved[pool];
        return {};
    }

    Workbench& m_workbench;
    Workspace& m_workspace;
    ReaderClient& m_reader;
    const DatasetImportOptions& m_options;
    std::stop_token m_stop;
    const JobReport& m_report;
    Dataset m_dataset;
    std::vector<SeriesEntry> m_series;
    std::map<std::string, std::vector<std::size_t>> m_ofFile; // positions in m_series, by time
    DatasetImportReport m_outcome;
};

} // namespace

Result<DatasetImportReport> importedDataset(Workbench& workbench, ReaderClient& reader, const std::string& folder,
                                            const DatasetImportOptions& options, std::stop_token stop,
                                            const JobReport& report)
{
    return DatasetImporter(workbench, reader, options, std::move(stop), report).run(folder);
}

Result<DatasetImportReport> Workbench::importDataset(const std::string& folder, const DatasetImportOptions& options,
                                                     std::stop_token stop, const JobReport& report)
{
    if (const auto writable = requireWritable(workspace()); !writable)
        return writable.error();
    return importedDataset(*this, m_impl->reader, folder, options, std::move(stop), report);
}

} // namespace annotomy
