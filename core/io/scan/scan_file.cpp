#include "core/io/scan/scan_file.h"

#include "core/io/bytes/byte_stream.h"
#include "core/io/bytes/foreign_file.h"
#include "core/io/plain/metaimage.h"
#include "core/io/plain/nifti.h"
#include "core/io/plain/nrrd.h"
#include "core/io/scan/file_kind.h"

#include <algorithm>

namespace annotomy {

namespace {

ScannedFile leftOut(const Error& error, const std::string& path)
{
    ScannedFile file;
    file.skipped = SkippedFile{path, error.code, error.detail};
    return file;
}

Result<std::vector<SeriesEntry>> entriesOf(FileKind kind, const std::string& path)
{
    if (kind == FileKind::Nifti)
        return scanNiftiVolumes(path);
    auto entry = kind == FileKind::Nrrd ? scanNrrd(path) : scanMetaImage(path);
    return entry ? Result(std::vector{std::move(*entry)}) : entry.error();
}

} // namespace

ScannedFile scanFile(const std::string& path)
{
    const ForeignFile current(path);
    std::vector<std::byte> begin;
    std::uint64_t fileBytes = 0;
    {
        auto reader = ByteReader::open(path, Compression::None);
        if (!reader)
            return leftOut(reader.error(), path);
        fileBytes = reader->mostBytes();
        begin.resize(static_cast<std::size_t>(std::min<std::uint64_t>(fileBytes, dicomHeaderPiece)));
        if (auto got = reader->read(begin); !got)
            return leftOut(got.error(), path);
    }
    const auto first = std::span(begin).first(std::min(begin.size(), fileKindBytes));
    const FileKind kind = fileKindOf(path, first);
    if (kind == FileKind::Dicom)
        return scanDicomFile(path, std::move(begin), fileBytes);
    ScannedFile file;
    if (kind == FileKind::Unknown || kind == FileKind::Archive) {
        file = leftOut(whyUnknown(path, first), path);
        file.isArchive = kind == FileKind::Archive;
        return file;
    }
    auto entries = entriesOf(kind, path);
    if (!entries)
        return leftOut(entries.error(), path);
    if (entries->empty())
        return leftOut({ErrorCode::Malformed, path, "it holds no volume"}, path);
    file.entries = std::move(*entries);
    return file;
}

} // namespace annotomy
