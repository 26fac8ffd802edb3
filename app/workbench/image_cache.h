#pragma once

#include "app/workbench/reader_client.h"
#include "storage/records.h"

#include <optional>
#include <string>
#include <vector>

namespace annotomy {

// A decoded image, and what decoding found that the headers did not show.
struct CachedImage {
    Volume volume;
    std::vector<Warning> warnings;
};

// Whether an import decodes an image at once, for its thumbnail and to know that it can be: one slice of any size (a
// mammogram has 30 million pixels), and small stacks. Others are decoded when they are first opened.
inline bool isDecodedAtImport(const VolumeGeometry& geometry)
{
    constexpr std::size_t mostVoxels = 8'000'000;
    return geometry.size[2] == 1 || geometry.voxelCount() <= mostVoxels;
}

// The decoded images of a workspace: `cache/<key>.avol`, with a stamp of the source files' sizes and times beside it, and
// what decoding found. An image whose source files are not at hand is served from the cache all the same.
class ImageCache {
public:
    ImageCache(std::string workspaceFolder, ReaderClient& reader);

    std::string pathFor(const SeriesEntry& series) const;
    // The image when the cache holds it and its files did not change since.
    std::optional<CachedImage> find(const SeriesEntry& series) const;
    // Decodes it first when need be. Errors: NotFound names the missing file; those of the reader.
    Result<CachedImage> fetch(const SeriesEntry& series, std::stop_token stop, const ProgressReport& report);

    // Whether a series that is not decoded now can be, by one of its slices; where that is damaged, by two others. Nothing is
    // kept. Errors: those of the reader, of the middle slice. Files of other formats, whose headers tell all, are taken as sound.
    Result<void> probe(const SeriesEntry& series, std::stop_token stop);

private:
    std::string m_folder;
    ReaderClient& m_reader;
};

} // namespace annotomy
