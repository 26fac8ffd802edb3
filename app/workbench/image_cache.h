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

private:
    std::string m_folder;
    ReaderClient& m_reader;
};

} // namespace annotomy
