#include "tests/bench/vtk_slices.h"

#include "viewer/egl_window.h"

#include <vtkCamera.h>
#include <vtkImageData.h>
#include <vtkImageProperty.h>
#include <vtkImageSlice.h>
#include <vtkImageSliceMapper.h>
#include <vtkLookupTable.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>
#include <vtkShortArray.h>
#include <vtkUnsignedCharArray.h>

namespace annotomy::bench {

struct VtkSlices::Impl {
    std::unique_ptr<EglWindow> egl; // null on a screen
    vtkSmartPointer<vtkRenderWindow> window;
    vtkNew<vtkImageData> grey, mask;
    std::array<vtkNew<vtkImageSliceMapper>, 3> greyMappers, maskMappers;
    std::array<vtkNew<vtkRenderer>, 3> renderers;

    ~Impl()
    {
        for (auto& renderer : renderers)
            window->RemoveRenderer(renderer);
    }
};

namespace {

template <class Array, class T>
void share(vtkImageData& image, const VolumeGeometry& g, std::span<const T> voxels)
{
    image.SetDimensions(g.size.data());
    image.SetSpacing(g.spacing.data());
    vtkNew<Array> array;
    array->SetArray(const_cast<T*>(voxels.data()), vtkIdType(voxels.size()), 1);
    image.GetPointData()->SetScalars(array);
}

vtkSmartPointer<vtkLookupTable> labelColours(const SegmentTable& table)
{
    auto colours = vtkSmartPointer<vtkLookupTable>::New();
    colours->SetNumberOfTableValues(256);
    colours->SetTableRange(0, 255);
    for (int n = 0; n < 256; ++n) {
        const Segment* segment = table.find(static_cast<SegmentNumber>(n));
        const Colour c = segment ? segment->colour : Colour{};
        colours->SetTableValue(n, c.r / 255.0, c.g / 255.0, c.b / 255.0, segment ? 0.25 : 0.0);
    }
    return colours;
}

void addLayer(vtkRenderer& renderer, vtkImageSliceMapper& mapper, vtkImageData& image, int orientation,
              vtkImageProperty& property)
{
    mapper.SetInputData(&image);
    mapper.SetOrientation(orientation);
    vtkNew<vtkImageSlice> actor;
    actor->SetMapper(&mapper);
    actor->SetProperty(&property);
    renderer.AddViewProp(actor);
}

} // namespace

VtkSlices::VtkSlices(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
VtkSlices::~VtkSlices() = default;

std::unique_ptr<VtkSlices> VtkSlices::create(const Volume& volume, const LabelMap& labels, int width, int height,
                                             Target target)
{
    auto impl = std::make_unique<Impl>();
    if (target == Target::Screen) {
        impl->window = vtkSmartPointer<vtkRenderWindow>::New();
        impl->window->SetMultiSamples(0);
        impl->window->SetSize(3 * width, height);
    } else {
        auto egl = EglWindow::create({3 * width, height}, 0);
        if (!egl)
            return nullptr;
        impl->egl = std::move(*egl);
        impl->window = &impl->egl->window();
    }
    share<vtkShortArray>(*impl->grey, volume.geometry(), volume.voxels<std::int16_t>());
    share<vtkUnsignedCharArray>(*impl->mask, volume.geometry(), labels.layer(0));
    vtkNew<vtkImageProperty> window, colours;
    window->SetColorWindow(400);
    window->SetColorLevel(40);
    window->SetInterpolationTypeToLinear();
    colours->SetLookupTable(labelColours(labels.segments()));
    colours->UseLookupTableScalarRangeOn();
    colours->SetInterpolationTypeToNearest();
    for (int v = 0; v < 3; ++v) {
        const auto n = static_cast<std::size_t>(v);
        vtkRenderer& renderer = *impl->renderers[n];
        addLayer(renderer, *impl->greyMappers[n], *impl->grey, 2 - v, *window);
        addLayer(renderer, *impl->maskMappers[n], *impl->mask, 2 - v, *colours);
        renderer.SetViewport(v / 3.0, 0, (v + 1) / 3.0, 1);
        vtkCamera& camera = *renderer.GetActiveCamera();
        camera.ParallelProjectionOn();
        const std::array<Vec3, 3> eye{Vec3{0, 0, -1}, Vec3{0, -1, 0}, Vec3{1, 0, 0}};
        camera.SetFocalPoint(0, 0, 0);
        camera.SetPosition(eye[n].data());
        camera.SetViewUp(0, v == 0 ? -1 : 0, v == 0 ? 0 : 1);
        renderer.ResetCamera();
        impl->window->AddRenderer(&renderer);
    }
    return std::unique_ptr<VtkSlices>(new VtkSlices(std::move(impl)));
}

void VtkSlices::setSlices(const Index3& cursor)
{
    for (std::size_t v = 0; v < 3; ++v) {
        m_impl->greyMappers[v]->SetSliceNumber(cursor[2 - v]);
        m_impl->maskMappers[v]->SetSliceNumber(cursor[2 - v]);
        m_impl->renderers[v]->ResetCameraClippingRange();
    }
}

void VtkSlices::labelsChanged()
{
    m_impl->mask->GetPointData()->GetScalars()->Modified();
    m_impl->mask->Modified();
}

void VtkSlices::render()
{
    m_impl->window->Render();
    m_impl->window->WaitForCompletion();
}

} // namespace annotomy::bench
