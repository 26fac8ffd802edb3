#pragma once

#include "core/base/progress.h"
#include "core/io/series.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace annotomy {

// What an archive may become when it is unpacked. One that wants more is refused before it fills the disk.
struct ZipLimits {
    std::uint64_t mostBytes = std::uint64_t{64} << 30;     // all entries together
    std::uint64_t mostEntryBytes = std::uint64_t{8} << 30; // one entry
    std::uint64_t mostEntries = 2'000'000;
    double mostRatio = 250;                             // unpacked to packed bytes, once beyond `freeBytes`
    std::uint64_t freeBytes = std::uint64_t{256} << 20; // an image of air packs a thousand times smaller
};

struct UnpackedZip {
    std::vector<std::string> files;   // below the folder, in the archive's order
    std::vector<SkippedFile> skipped; // entries left out, by archiveEntryPath, and why
    std::string folder = {};
};

// How an entry is named to the user: "archive.zip!/folder/entry".
std::string archiveEntryPath(const std::string& archive, const std::string& entry);

bool looksLikeZip(std::span<const std::byte> firstBytes);

// How many entries the end of the archive promises: libzip makes room for all of them when it opens it, so this is asked
// first. Errors: Truncated when the end is missing.
Result<std::uint64_t> promisedEntries(const std::string& path);

// Unpacks an archive into `folder`, which is made and must not exist before: it is there when the whole
// archive was unpacked, and only then. Entries whose names lead out of the folder, links, devices, encrypted
// entries and archives within the archive are left out and named. Errors: Unrecognised, Truncated and
// Malformed for a damaged archive, Unsupported beyond the limits or when all of it is encrypted, DiskFull,
// Cancelled; nothing is left of the folder then.
Result<UnpackedZip> unpackZip(const std::string& path, const std::string& folder,
                              const ZipLimits& limits = {}, std::stop_token stop = {},
                              const ProgressReport& report = {});

// As unpackZip, into a folder below `root` that is named after the archive and its content's size and time:
// an archive that was unpacked there before is not unpacked again. The entries that were left out are listed in a file
// beside the folder, and told again then.
Result<UnpackedZip> unpackZipBelow(const std::string& path, const std::string& root,
                                   std::stop_token stop = {}, const ProgressReport& report = {});

} // namespace annotomy
