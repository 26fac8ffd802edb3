#pragma once

#include "core/io/dicom/dicom_planes.h"
#include "core/io/series.h"

#include <string>
#include <vector>

namespace annotomy {

// What a user must know of how a DICOM series was put together; each warning names its files. Internal to core/io.

inline constexpr double leastTilt = 0.1; // degrees; less is rounding

double tiltDegrees(const VolumeGeometry& geometry);

void warnOfSlices(const PlaneRun& run, const VolumeGeometry& geometry, std::vector<Warning>& warnings);

// Of slices whose pixel data cannot be decoded, by the file of each, among so many.
Warning damagedSlices(std::vector<std::string> files, std::size_t slices);

Warning spacingChanges(const std::vector<PlaneRun>& runs);
Warning sequenceNotice(const SequencePlace& place);

// What is true of all volumes of a group of images.
struct GroupFindings {
    bool hasSiblings = false; // the series has images of another orientation or grid
    bool isLocaliser = false;
    const std::vector<std::string>& copies;
};
void warnOfGroup(const GroupFindings& findings, SeriesEntry& entry);

} // namespace annotomy
