#pragma once

#include "core/io/series.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace annotomy {

// A file's name without folder and without its image suffix: "hippocampus_001" of "…/hippocampus_001.nii.gz".
std::string fileStem(const std::string& path);

// True when `path` lies in `folder` or below it. Both absolute.
bool liesIn(const std::string& path, const std::string& folder);

// The folder that `--masks` means: as given, else beside or inside one of the imported paths. Absolute; NotFound.
Result<std::string> resolveMasksFolder(const std::string& masksFolder, const std::vector<std::string>& importPaths);

// The mask files (NIfTI, NRRD, RTSTRUCT by suffix) under a folder, sorted.
std::vector<std::string> maskFilesIn(const std::string& folder);

// True when the mask's stem names the image: equal stems, with the endings that tools add taken off
// ("_seg", "_mask", "_label" of masks; "_0000", "_image" of images), or the series' patient ID, name or series UID.
bool maskBelongsTo(const std::string& maskPath, const SeriesEntry& entry);

// What ties a mask to an image, the weakest first.
enum class MaskLink {
    None,
    Name,             // maskBelongsTo
    Grid,             // its first plane is one of the image's; neither says whose space that is
    FrameOfReference, // the same space, and its first plane is one of the image's
    Series            // it names the image's series
};
// A mask that names a series belongs to no other, one of a frame of reference to no image of another, and one of a
// patient's number is told by its grid alone to be no other patient's.
MaskLink linkOf(const MaskFile& mask, const SeriesEntry& image);

// Series that are masks lying beside their images. True at the positions of volume files
// - in a folder called labels, masks or segmentations (and the like), with the stem of an image elsewhere in the scan, or
//   with the grid of an image under the folder above;
// - called "…_mask" (and the like), with an image of the same stem and grid in the same folder.
std::vector<bool> masksBesideImages(const std::vector<SeriesEntry>& series);

// The same for any number of series, which come one by one: first those that may be masks are added, then the others
// are met. Only the former are kept.
class MaskSorter {
public:
    static bool mayBeMask(const SeriesEntry& entry); // by its name or its folder's
    void add(const SeriesEntry& entry);
    void meet(const SeriesEntry& image);
    bool isEmpty() const { return m_candidates.empty(); }
    bool isMask(const SeriesEntry& entry) const;

private:
    void decide(std::size_t candidate, const SeriesEntry& image);

    std::vector<SeriesEntry> m_candidates;
    std::multimap<std::string, std::size_t> m_byName;                // of the file, and without what says "mask"
    std::map<std::string, std::vector<std::size_t>> m_byFolder;      // undecided ones, by the folder beside theirs
    std::set<std::string> m_masks;                                   // files
};

} // namespace annotomy
