#include "viewer/surface_mesher.h"

#include <vtkCellArray.h>
#include <vtkDiscreteFlyingEdges3D.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkReverseSense.h>
#include <vtkTriangleMeshPointNormals.h>
#include <vtkUnsignedCharArray.h>
#include <vtkWindowedSincPolyDataFilter.h>

#include <algorithm>
#include <cstring>

namespace annotomy {

namespace {

// Voxels of the segment in the cube of `step` voxels a side that begins at `at`.
int countSet(std::span<const std::uint8_t> layer, const VolumeGeometry& g, const Index3& at, int step,
             std::uint8_t number)
{
    int count = 0;
    for (int k = std::max(0, at[2]); k < std::min(g.size[2], at[2] + step); ++k)
        for (int j = std::max(0, at[1]); j < std::min(g.size[1], at[1] + step); ++j)
            for (int i = std::max(0, at[0]); i < std::min(g.size[0], at[0] + step); ++i)
                count += layer[g.offset({i, j, k})] == number;
    return count;
}

void fillFull(std::span<const std::uint8_t> layer, const IndexBox& box, SegmentCrop& crop)
{
    const auto width = static_cast<std::size_t>(box.hi[0] - box.lo[0]);
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
        for (int j = box.lo[1]; j < box.hi[1]; ++j) {
            const std::uint8_t* from = layer.data() + crop.geometry.offset({box.lo[0], j, k});
            const Index3 at{box.lo[0] - crop.lo[0], j - crop.lo[1], k - crop.lo[2]};
            std::uint8_t* to = crop.voxels.data() +
                               (std::size_t(at[2]) * std::size_t(crop.size[1]) + std::size_t(at[1])) *
                                   std::size_t(crop.size[0]) +
                               std::size_t(at[0]);
            std::transform(from, from + width, to,
                           [number = crop.number](std::uint8_t label) -> std::uint8_t { return label == number; });
            crop.labelled += std::count(to, to + width, std::uint8_t{1});
        }
    }
}

// A sample is set when at least three of its eight voxels are, so that thin sheets do not vanish.
void fillHalf(std::span<const std::uint8_t> layer, SegmentCrop& crop)
{
    std::uint8_t* to = crop.voxels.data();
    for (int k = 0; k < crop.size[2]; ++k)
        for (int j = 0; j < crop.size[1]; ++j)
            for (int i = 0; i < crop.size[0]; ++i) {
                const Index3 at{crop.lo[0] + crop.step * i, crop.lo[1] + crop.step * j, crop.lo[2] + crop.step * k};
                const int count = countSet(layer, crop.geometry, at, crop.step, crop.number);
                crop.labelled += count;
                *to++ = count >= 3;
            }
}

vtkSmartPointer<vtkImageData> imageOf(const SegmentCrop& crop)
{
    auto image = vtkSmartPointer<vtkImageData>::New();
    image->SetDimensions(crop.size[0], crop.size[1], crop.size[2]);
    image->AllocateScalars(VTK_UNSIGNED_CHAR, 1);
    std::memcpy(image->GetScalarPointer(), crop.voxels.data(), crop.voxels.size());
    return image;
}

// From sample coordinates of the crop to the patient; a sample of several voxels stands at their middle.
void moveToPatient(vtkPolyData& mesh, const SegmentCrop& crop)
{
    vtkPoints& points = *mesh.GetPoints();
    const double half = 0.5 * (crop.step - 1);
    for (vtkIdType p = 0; p < points.GetNumberOfPoints(); ++p) {
        Vec3 index{};
        points.GetPoint(p, index.data());
        for (std::size_t a = 0; a < 3; ++a)
            index[a] = crop.lo[a] + crop.step * index[a] + half;
        points.SetPoint(p, crop.geometry.patientFromIndex(index).data());
    }
    points.Modified();
}

// Six times the volume enclosed; negative when the triangles look inwards.
double signedVolume(vtkPolyData& mesh)
{
    double volume = 0;
    vtkIdType count = 0;
    const vtkIdType* ids = nullptr;
    vtkCellArray& cells = *mesh.GetPolys();
    for (cells.InitTraversal(); cells.GetNextCell(count, ids);) {
        if (count != 3)
            continue;
        Vec3 a{}, b{}, c{};
        mesh.GetPoint(ids[0], a.data());
        mesh.GetPoint(ids[1], b.data());
        mesh.GetPoint(ids[2], c.data());
        volume += dot(a, cross(b, c));
    }
    return volume;
}

} // namespace

SegmentCrop cropSegment(const LabelMap& labels, SegmentNumber number, const IndexBox& box, SurfaceDetail detail)
{
    SegmentCrop crop{number, labels.geometry(), {}, {}, detail == SurfaceDetail::Half ? 2 : 1, {}, 0};
    const int layer = labels.segments().layerOf(number);
    const IndexBox inside = intersection(box, labels.geometry().bounds());
    if (layer < 0 || layer >= labels.layerCount() || inside.empty())
        return crop;
    for (std::size_t a = 0; a < 3; ++a) {
        crop.lo[a] = inside.lo[a] - crop.step;
        crop.size[a] = (inside.hi[a] - inside.lo[a] + crop.step - 1) / crop.step + 2;
    }
    crop.voxels.assign(std::size_t(crop.size[0]) * std::size_t(crop.size[1]) * std::size_t(crop.size[2]), 0);
    if (crop.step == 1)
        fillFull(labels.layer(layer), inside, crop);
    else
        fillHalf(labels.layer(layer), crop);
    return crop;
}

// Smoothing (Taubin's windowed sinc) keeps the volume and commutes with the affine way into the patient.
vtkSmartPointer<vtkPolyData> surfaceOf(const SegmentCrop& crop, std::stop_token stop)
{
    auto mesh = vtkSmartPointer<vtkPolyData>::New();
    if (crop.voxels.empty())
        return mesh;
    vtkNew<vtkDiscreteFlyingEdges3D> edges;
    edges->SetInputData(imageOf(crop));
    edges->ComputeNormalsOff();
    edges->ComputeGradientsOff();
    edges->ComputeScalarsOff();
    edges->SetValue(0, 1);
    edges->Update();
    if (stop.stop_requested())
        return nullptr;
    vtkNew<vtkWindowedSincPolyDataFilter> smooth;
    smooth->SetInputConnection(edges->GetOutputPort());
    smooth->SetNumberOfIterations(crop.step == 1 ? 15 : 8);
    smooth->SetPassBand(0.08);
    smooth->BoundarySmoothingOff();
    smooth->FeatureEdgeSmoothingOff();
    smooth->NonManifoldSmoothingOn();
    smooth->NormalizeCoordinatesOn();
    smooth->Update();
    if (stop.stop_requested())
        return nullptr;
    mesh->ShallowCopy(smooth->GetOutput());
    if (mesh->GetNumberOfPoints() == 0)
        return mesh;
    moveToPatient(*mesh, crop);
    vtkNew<vtkReverseSense> reverse;
    vtkNew<vtkTriangleMeshPointNormals> normals;
    reverse->SetInputData(mesh);
    if (signedVolume(*mesh) < 0)
        normals->SetInputConnection(reverse->GetOutputPort());
    else
        normals->SetInputData(mesh);
    normals->Update();
    mesh->ShallowCopy(normals->GetOutput());
    return mesh;
}

} // namespace annotomy
