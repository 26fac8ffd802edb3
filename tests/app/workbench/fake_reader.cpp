// Stands in for annotomy-reader in tests: it reads in-process, and dies on files whose name contains "deadly".
#include "core/io/masks/overlay_mask.h"
#include "core/io/reader_messages.h"
#include "core/io/volume_file.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

using namespace annotomy;

namespace {

bool isDeadly(const std::string& path, const std::vector<std::string>& leftOut)
{
    const bool isNamedSo = std::filesystem::path(path).filename().string().find("deadly") != std::string::npos;
    return isNamedSo && std::find(leftOut.begin(), leftOut.end(), path) == leftOut.end();
}

bool holdsDeadlyFile(const std::string& path, const std::vector<std::string>& leftOut = {})
{
    if (isDeadly(path, leftOut))
        return true;
    std::error_code error;
    for (std::filesystem::recursive_directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
        if (isDeadly(it->path().string(), leftOut))
            return true;
    }
    return false;
}

Result<void> scan(const ScanRequest& request)
{
    for (const std::string& path : request.paths) {
        if (holdsDeadlyFile(path, request.settings.leaveOut))
            std::abort();
    }
    auto lines = ScanLines::create(request.outPath);
    ScanSink sink;
    sink.series = [&lines](const SeriesEntry& entry) { return lines->write(entry); };
    sink.mask = [&lines](const MaskFile& mask) { return lines->write(mask); };
    const auto totals = scanInto(request.paths, request.settings, sink);
    return totals ? lines->finish(*totals) : Result<void>(totals.error());
}

Result<void> decode(const DecodeRequest& request, ReaderDone& done)
{
    const Result<Volume> volume = readSeries(request.entry, {}, {}, &done.warnings);
    return volume ? writeVolumeFile(request.outPath, *volume) : volume.error();
}

Result<void> readMask(const ReadMaskRequest& request)
{
    if (holdsDeadlyFile(request.path))
        std::abort();
    const Result<LabelMap> labels = request.onGrid ? readMaskFile(request.path, request.grid, request.names)
                                                   : readMaskFile(request.path, request.names);
    return labels ? writeLabelFile(request.outPath, *labels) : labels.error();
}

Result<void> readOverlays(const ReadOverlaysRequest& request)
{
    const Result<LabelMap> labels = annotomy::readOverlays(request.entry);
    return labels ? writeLabelFile(request.outPath, *labels) : labels.error();
}

} // namespace

int main()
{
    std::string line;
    while (std::getline(std::cin, line)) {
        const Result<ReaderRequest> request = readerRequestFromJson(line);
        if (!request)
            return 2;
        std::cout << "a library talks on standard output\n" << toJsonLine(ReaderEvent(ReaderProgress{0.5})) << std::endl;
        Result<void> done;
        ReaderDone answer;
        if (const auto* s = std::get_if<ScanRequest>(&*request))
            done = scan(*s);
        else if (const auto* d = std::get_if<DecodeRequest>(&*request))
            done = decode(*d, answer);
        else if (const auto* o = std::get_if<ReadOverlaysRequest>(&*request))
            done = readOverlays(*o);
        else
            done = readMask(std::get<ReadMaskRequest>(*request));
        std::cout << toJsonLine(done ? ReaderEvent(answer) : ReaderEvent(ReaderFailed{done.error()})) << std::endl;
    }
    return 0;
}
