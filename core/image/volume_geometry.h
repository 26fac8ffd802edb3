#pragma once

#include "core/image/vec.h"

#include <cstdint>
#include <string>

namespace annotomy {

// Half-open box of voxel indices: lo <= index < hi. Empty when any hi <= lo.
struct IndexBox {
    Index3 lo{};
    Index3 hi{};

    bool empty() const { return hi[0] <= lo[0] || hi[1] <= lo[1] || hi[2] <= lo[2]; }
    bool contains(const Index3& index) const;
    std::int64_t voxelCount() const;
    void include(const Index3& index); // grows to hold index
    bool operator==(const IndexBox&) const = default;
};

IndexBox intersection(const IndexBox& a, const IndexBox& b);
IndexBox unionOf(const IndexBox& a, const IndexBox& b); // an empty box is neutral

// Where a voxel grid lies in the patient. Patient coordinates are DICOM LPS, in mm; indices are
// (i, j, k) = (column, row, slice), counted from 0 at voxel centres. The axes need not be orthogonal
// (a tilted gantry), but must be independent.
struct VolumeGeometry {
    Index3 size{};                   // voxels along i, j, k
    Vec3 spacing{1, 1, 1};           // mm between neighbouring centres along i, j, k; each > 0
    Vec3 origin{};                   // centre of voxel (0, 0, 0), LPS mm
    Mat3 direction = identityMatrix; // columns: unit axes of i, j, k in LPS

    Vec3 patientFromIndex(const Vec3& ijk) const;
    Vec3 indexFromPatient(const Vec3& lps) const;
    Vec3 axis(int a) const { return column(direction, a); } // unit vector in LPS

    std::size_t voxelCount() const;
    double voxelVolumeMm3() const; // |determinant|: right for sheared grids too
    IndexBox bounds() const { return {{0, 0, 0}, size}; }
    bool contains(const Index3& index) const { return bounds().contains(index); }
    std::size_t offset(const Index3& index) const; // in voxels, i fastest
    Index3 indexAt(std::size_t offset) const;

    bool operator==(const VolumeGeometry&) const = default;
};

// True when both grids have the same size and no voxel centre differs by more than `toleranceMm`.
bool sameGrid(const VolumeGeometry& a, const VolumeGeometry& b, double toleranceMm = 1e-3);

// Sizes within [1, 65535], at most 2^40 voxels, finite numbers, positive spacing, independent axes.
bool isPlausible(const VolumeGeometry& geometry);

} // namespace annotomy
