#include "app/workbench/dataset_export.h"

#include "app/workbench/image_cache.h"
#include "app/workbench/workbench_impl.h"

#include <nlohmann/json.hpp>

#include <QDateTime>

#include <algorithm>
#include <filesystem>
#include <regex>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

using nlohmann::ordered_json;

Result<void> checkOptions(const DatasetExportOptions& options)
{
    const auto isOneOf = [](const std::string& word, std::initializer_list<const char*> words) {
        return std::find(words.begin(), words.end(), word) != words.end();
    };
    if (!isOneOf(options.layout, {"nnunet", "msd", "coco", "bids"}))
        return Error{ErrorCode::InvalidArgument, "layout " + options.layout, "choose nnunet, msd, coco or bids"};
    if (!isOneOf(options.plane, {"axial", "coronal", "sagittal"}))
        return Error{ErrorCode::InvalidArgument, "plane " + options.plane, "choose axial, coronal or sagittal"};
    const bool isWord = std::all_of(options.suffix.begin(), options.suffix.end(),
                                    [](unsigned char c) { return c < 128 && std::isalnum(c); });
    if (!isWord)
        return Error{ErrorCode::InvalidArgument, "suffix " + options.suffix, "it is made of letters and digits, such as T1w"};
    return {};
}

// Writes manifest.json: what is in the folder and what it was made of.
class Manifest {
public:
    Manifest(DatasetFolder& folder, DatasetExportReport& report) : m_folder(folder), m_report(report) {}

    Result<void> add(const ExportCase& one, const std::vector<std::string>& files)
    {
        const auto list = described(files);
        if (!list)
            return list.error();
        m_cases.push_back({{"name", one.name},
                           {"case", one.record.id.value},
                           {"revision", one.revision.id.value},
                           {"maskSha256", one.revision.maskHash},
                           {"files", *list}});
        m_report.cases.push_back({one.record.id, one.revision.id, one.name, one.record.pool});
        return {};
    }

    Result<void> addCommon(const std::vector<std::string>& files)
    {
        const auto list = described(files);
        if (!list)
            return list.error();
        m_common = *list;
        return {};
    }

    Result<void> write(const DatasetExportOptions& options, const std::string& name, const std::vector<std::string>& notes)
    {
        const ordered_json json{{"program", "Annotomy"},
                                {"layout", options.layout},
                                {"name", name},
                                {"time", QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString()},
                                {"cases", m_cases},
                                {"files", m_common},
                                {"notes", notes}};
        ++m_report.files;
        return m_folder.writeText("manifest.json", json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
    }

private:
    Result<ordered_json> described(const std::vector<std::string>& files)
    {
        ordered_json list = ordered_json::array();
        for (const std::string& file : files) {
            const auto one = m_folder.described(file);
            if (!one)
                return one.error();
            list.push_back({{"path", one->path}, {"sha256", one->sha256}, {"bytes", one->bytes}});
            ++m_report.files;
            m_report.bytes += one->bytes;
        }
        return list;
    }

    DatasetFolder& m_folder;
    DatasetExportReport& m_report;
    ordered_json m_cases = ordered_json::array(), m_common = ordered_json::array();
};

Result<void> writeAll(DatasetJob& job, Manifest& manifest, const JobReport& report)
{
    if (job.options.layout == "coco") {
        const auto files = writeCoco(job, [&](double fraction) { reportStage(report, "exporting", fraction); });
        if (!files)
            return files.error();
        for (std::size_t n = 0; n < job.all.cases.size(); ++n)
            if (const auto added = manifest.add(job.all.cases[n], (*files)[n]); !added)
                return added;
        return manifest.addCommon(files->back());
    }
    const auto count = static_cast<double>(job.all.cases.size());
    for (std::size_t n = 0; n < job.all.cases.size(); ++n) {
        if (job.stop.stop_requested())
            return cancelledError();
        reportStage(report, "exporting", static_cast<double>(n) / count);
        const auto files = writeVolumes(job, job.all.cases[n]);
        if (!files)
            return files.error();
        if (const auto added = manifest.add(job.all.cases[n], *files); !added)
            return added;
    }
    const auto texts = writeDescription(job);
    return texts ? manifest.addCommon(*texts) : texts.error();
}

std::string folderName(const std::string& path)
{
    fs::path folder = fs::absolute(path).lexically_normal();
    return (folder.filename().empty() ? folder.parent_path() : folder).filename().string();
}

} // namespace

Result<DatasetExportReport> exportedDataset(Workspace& workspace, ReaderClient& reader, const std::string& outFolder,
                                            const DatasetExportOptions& options, const SeriesImages& images,
                                            std::stop_token stop, const JobReport& report)
{
    if (const auto valid = checkOptions(options); !valid)
        return valid.error();
    auto folder = DatasetFolder::create(outFolder);
    if (!folder)
        return folder.error();
    const bool needsSameChannels = options.layout == "nnunet" || options.layout == "msd";
    auto all = casesToExport(workspace, options, needsSameChannels, options.layout == "coco", stop);
    if (!all)
        return all.error();
    all->description.name = options.name.empty() ? folderName(outFolder) : options.name;
    if (options.layout == "nnunet" && !std::regex_match(folderName(outFolder), std::regex("Dataset[0-9]{3}_.+")))
        all->notes.push_back("nnU-Net finds a data set by a folder name such as Dataset001_Name, which this one has not.");
    if (options.layout == "coco" && std::any_of(all->cases.begin(), all->cases.end(),
                                                [](const ExportCase& one) { return one.images.size() > 1; }))
        all->notes.push_back("Some cases have several channels: the pictures show the first.");
    DatasetExportReport outcome;
    Manifest manifest(*folder, outcome);
    DatasetJob job{workspace, reader, options, *all, *folder, images, stop};
    if (const auto written = writeAll(job, manifest, report); !written)
        return written.error();
    for (const LabelUnion::Label& label : all->labels.labels())
        outcome.labels.push_back(label.name);
    outcome.notes = all->notes;
    if (const auto written = manifest.write(options, all->description.name, outcome.notes); !written)
        return written.error();
    if (stop.stop_requested())
        return cancelledError();
    if (const auto committed = folder->commit(); !committed)
        return committed.error();
    reportStage(report, "exporting", 1);
    return outcome;
}

Result<DatasetExportReport> Workbench::exportDataset(const std::string& outFolder, const DatasetExportOptions& options,
                                                     std::stop_token stop, const JobReport& report)
{
    if (workspace().readOnly() && !m_impl->scratch)
        m_impl->scratch = std::make_unique<QTemporaryDir>();
    ImageCache cache(m_impl->scratch ? m_impl->scratch->path().toStdString() : workspace().folder(), m_impl->reader);
    const SeriesImages images = [&](const SeriesEntry& series) -> Result<Volume> {
        auto image = cache.fetch(series, stop, {});
        return image ? Result<Volume>(std::move(image->volume)) : image.error();
    };
    return exportedDataset(workspace(), m_impl->reader, outFolder, options, images, stop, report);
}

} // namespace annotomy
