#pragma once

#include "core/io/dicom/dicom_planes.h"

#include <string>
#include <vector>

namespace annotomy {

// The planes of one volume among several of the same positions, and what sets it apart. Internal to core/io.
struct DicomVolumePlanes {
    DicomPlanes planes; // ascending; one at each position
    std::string kind;   // as SequencePlace
    double value = 0;
    std::string unit;
};

// Images of the same positions taken on several occasions (time points, echoes, b-values), told apart by their
// headers, else by the order in which they were taken; one element when every position has one image. Images that
// nothing tells apart, and strays that repeat single positions, are left out but the best, into `copies`.
std::vector<DicomVolumePlanes> volumesOf(const DicomPlanes& sorted, std::vector<std::string>& copies);

// Planes that make an uneven stack together and several even ones each by itself: acquisitions at interleaved
// positions that the headers tell apart. Empty where that is not so.
std::vector<DicomPlanes> interleavedStacks(const DicomPlanes& sorted);

} // namespace annotomy
