#pragma once

#include "core/base/progress.h"
#include "core/learn/worker_messages.h"
#include "ml/internal/network_image.h"

#include <span>

namespace annotomy {

// The same extent as `geometry` with its axes permuted and flipped so that i, j, k run as closely as possible
// along +L, +P and +S; nothing is rotated. An image and its flipped copy get one and the same grid.
VolumeGeometry canonicalGrid(const VolumeGeometry& geometry);

// The part of `geometry` inside a box of its indices. Requires a box that is not empty and lies inside.
VolumeGeometry croppedGrid(const VolumeGeometry& geometry, const IndexBox& box);

// Resamples to `spacing` (mm, canonical axes), crops CT to the body, normalises. Quantiles are those of the image padded with
// 0 to `fieldOfView` (voxels i, j, k of that spacing): networks that see whole heads at once are taught so.
// Errors: Malformed for an image without finite values, OutOfMemory, Cancelled.
Result<NetworkImage> networkImage(const Volume& volume, const ModelChannel& channel, const Vec3& spacing,
                                  std::stop_token stop = {}, const Index3& fieldOfView = {});

// The value of voxels beyond the image, after normalisation: clipLow of CtClipZScore, else 0.
float paddingValue(const ModelChannel& channel);

// As networkImage, with the class of every voxel; segments are matched to classes by name, else by number.
Result<PreparedCase> prepareCase(const std::string& key, const Volume& volume, const LabelMap& labels,
                                 const ModelCard& card, std::stop_token stop = {});

// Which segment of a case is a class: the one of its name, else the one of its number unless that bears the
// name of another class. nullptr when the case knows nothing of it.
const Segment* segmentOfClass(const SegmentTable& table, const ModelClass& wanted,
                              const std::vector<ModelClass>& classes);

// Reads the two files of a case and checks that their grids agree. Errors as mapVolumeFile and readLabelFile,
// and GeometryMismatch.
struct CaseFiles {
    Volume volume;
    LabelMap labels;
};
Result<CaseFiles> readCase(const TrainingCase& files);

// What a model must know of its training data: spacing, patch and normalisation. Reads every case once.
// Fills card.channels, card.spacing and card.patch from card.recipe and the cases. Conflict when no case
// holds a voxel of any class. Cases that know none of the classes are reported in `unlabelled` by index.
struct DataPlan {
    ModelCard card;
    std::vector<std::size_t> unlabelled;
    std::vector<std::string> emptyClasses; // names of classes without a voxel in any case
};
Result<DataPlan> planData(ModelCard card, std::span<const TrainingCase> cases, std::stop_token stop,
                          const ProgressReport& report);

} // namespace annotomy
