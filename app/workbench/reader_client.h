#pragma once

#include "core/datasets/dataset.h"
#include "core/io/masks/mask_description.h"
#include "core/io/reader_messages.h"
#include "core/privacy/deidentification.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

class QTemporaryDir;

namespace annotomy {

class HelperProcess;

using ScanReportFunction = std::function<void(const ScanProgress&)>;

// Asks annotomy-reader to parse foreign files. The reader is started at the first request, kept for the next one, and
// started anew after it has died: that is one error about one file. Blocking; use it on one thread.
class ReaderClient {
public:
    explicit ReaderClient(std::string program);
    ~ReaderClient();
    ReaderClient(const ReaderClient&) = delete;
    ReaderClient& operator=(const ReaderClient&) = delete;

    // Where scans unpack ZIP archives; empty (at first): archives are skipped.
    void setArchiveFolder(std::string folder) { m_scanSettings.archiveFolder = std::move(folder); }
    // Where scans remember unchanged files, and write aside what does not fit into memory; empty (at first): nothing is
    // remembered, and the system's temporary folder is used.
    void setScanFolders(std::string headerCache, std::string scratch);
    // As scanInto (core/io/scan/scan.h), with the finds as lines of a file that readScanLines reads. A file on which the
    // reader dies is listed as skipped: it names it, or it is found by bisection.
    Result<ScanTotals> scanTo(const std::string& linesPath, const std::vector<std::string>& paths,
                              std::stop_token stop = {}, const ScanReportFunction& report = {});
    // As scanPaths (core/io/series.h): the same in memory.
    Result<ScanReport> scan(const std::vector<std::string>& paths, std::stop_token stop = {},
                            const ProgressReport& report = {});
    // Decodes a series into a volume file (core/io/volume_file.h). Tells what the scan's warnings do not (readSeries).
    Result<std::vector<Warning>> decode(const SeriesEntry& entry, const std::string& outPath,
                                        std::stop_token stop = {}, const ProgressReport& report = {});
    // As readMaskFile (core/io/masks/mask_file.h); `grid` null: the file's own. What was left out is appended to `notes`.
    Result<LabelMap> readMask(const std::string& path, const VolumeGeometry* grid, const SegmentNames& names = {},
                              std::stop_token stop = {}, const ProgressReport& report = {},
                              std::vector<std::string>* notes = nullptr);
    // Onto the grid of an image; a mask that names another one is read all the same, and a note says so.
    Result<LabelMap> readMaskOf(const SeriesEntry& image, const std::string& path, const SegmentNames& names,
                                std::stop_token stop, const ProgressReport& report, std::vector<std::string>& notes);
    // As describeMask (core/io/masks/mask_description.h).
    Result<MaskDescription> describeMask(const std::string& path, std::stop_token stop = {});
    // As readOverlays of a series (core/io/masks/overlay_mask.h).
    Result<LabelMap> readOverlays(const SeriesEntry& entry, std::stop_token stop = {}, const ProgressReport& report = {},
                                  std::vector<std::string>* notes = nullptr);
    // As deidentifyFiles and deidentifyFile (core/privacy/deidentification.h) with the map of `secret`.
    Result<DeidentificationReport> deidentify(const std::vector<std::string>& paths, const std::string& outFolder,
                                              const std::string& secret, const DeidentificationOptions& options,
                                              std::stop_token stop = {}, const ProgressReport& report = {});
    Result<DeidentifiedFile> deidentifyOne(const std::string& path, const std::string& outPath,
                                           const std::string& secret, const DeidentificationOptions& options,
                                           std::stop_token stop = {});
    // As core/datasets/dataset.h; images are not opened.
    Result<Dataset> readDataset(const std::string& layout, const std::string& path, std::stop_token stop = {});
    // Writes a DICOM object of the mask; the request's labelsPath is filled in here.
    Result<void> writeObject(WriteObjectRequest request, const LabelMap& labels, std::vector<std::string>& notes,
                             std::stop_token stop = {}, const ProgressReport& report = {});

private:
    Result<LabelMap> maskOf(ReadMaskRequest request, std::stop_token stop, const ProgressReport& report,
                            std::vector<std::string>* notes);
    Result<LabelMap> labelsOf(const ReaderRequest& request, const std::string& outPath, const std::string& subject,
                              std::stop_token stop, const ProgressReport& report, std::vector<std::string>* notes);
    Result<DeidentificationReport> deidentified(DeidentifyRequest request, std::stop_token stop,
                                                const ProgressReport& report);
    Result<void> scanOnce(const std::string& linesPath, const std::vector<std::string>& paths,
                          const std::vector<std::string>& leaveOut, std::stop_token stop,
                          const ScanReportFunction& report);
    Result<void> findDeadly(std::vector<std::string> files, std::vector<std::string>& deadly, std::stop_token stop);
    Result<ReaderDone> run(const ReaderRequest& request, const std::string& subject, std::stop_token stop,
                           const ProgressReport& report);
    Result<ReaderDone> runTelling(const ReaderRequest& request, const std::string& subject, std::stop_token stop,
                                  const ScanReportFunction& report);
    Result<std::string> temporaryPath(const std::string& name);

    std::string m_program;
    ScanSettings m_scanSettings;
    std::string m_namedFile; // by a reader that died of it
    std::unique_ptr<HelperProcess> m_process;
    std::unique_ptr<QTemporaryDir> m_folder;
};

} // namespace annotomy
