#include "viewer/surface_scene.h"

#include "viewer/colours.h"
#include "viewer/orientation_cube.h"

#include <QLocale>

#include <vtkActor.h>
#include <vtkCamera.h>
#include <vtkNew.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper.h>
#include <vtkProperty.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace annotomy {

struct SurfaceScene::Impl {
    struct Entry {
        vtkSmartPointer<vtkActor> actor;
        std::int64_t voxels = 0;
    };

    vtkNew<vtkRenderer> renderer, corner;
    std::map<SegmentNumber, Entry> entries;
};

SurfaceScene::SurfaceScene() : m_impl(std::make_unique<Impl>())
{
    const QColor ground = colours::scene;
    m_impl->renderer->SetBackground(ground.redF(), ground.greenF(), ground.blueF());
    m_impl->renderer->SetLayer(0);
    m_impl->corner->SetLayer(1);
    m_impl->corner->InteractiveOff();
    m_impl->corner->SetViewport(0.82, 0.0, 1.0, 0.22);
    addOrientationCube(*m_impl->corner);
    m_impl->corner->GetActiveCamera()->ParallelProjectionOn();
    m_impl->corner->GetActiveCamera()->SetParallelScale(1.1); // the cube's side is 1
    resetCamera();
}

SurfaceScene::~SurfaceScene() = default;

void SurfaceScene::attachTo(vtkRenderWindow& window)
{
    window.SetNumberOfLayers(2);
    window.AddRenderer(m_impl->renderer);
    window.AddRenderer(m_impl->corner);
}

void SurfaceScene::detachFrom(vtkRenderWindow& window)
{
    window.RemoveRenderer(m_impl->corner);
    window.RemoveRenderer(m_impl->renderer);
}

void SurfaceScene::setSurface(const SegmentSurface& surface)
{
    Impl::Entry& entry = m_impl->entries[surface.number];
    entry.voxels = surface.voxels;
    if (!entry.actor) {
        entry.actor = vtkSmartPointer<vtkActor>::New();
        vtkNew<vtkPolyDataMapper> mapper;
        mapper->ScalarVisibilityOff();
        entry.actor->SetMapper(mapper);
        vtkProperty& property = *entry.actor->GetProperty();
        property.SetAmbient(0.12);
        property.SetDiffuse(0.85);
        property.SetSpecular(0.18);
        property.SetSpecularPower(24);
        m_impl->renderer->AddActor(entry.actor);
    }
    vtkNew<vtkPolyData> empty;
    vtkPolyData* mesh = surface.mesh ? surface.mesh.Get() : empty.Get();
    static_cast<vtkPolyDataMapper*>(entry.actor->GetMapper())->SetInputData(mesh);
}

bool SurfaceScene::hasSurface(SegmentNumber number) const
{
    return m_impl->entries.contains(number);
}

void SurfaceScene::setSegments(const SegmentTable& table)
{
    for (auto it = m_impl->entries.begin(); it != m_impl->entries.end();) {
        const Segment* segment = table.find(it->first);
        if (!segment) {
            m_impl->renderer->RemoveActor(it->second.actor);
            it = m_impl->entries.erase(it);
            continue;
        }
        const Colour& c = segment->colour;
        it->second.actor->GetProperty()->SetColor(c.r / 255.0, c.g / 255.0, c.b / 255.0);
        it->second.actor->SetVisibility(segment->visible);
        ++it;
    }
}

void SurfaceScene::clear()
{
    setSegments({});
}

int SurfaceScene::shownCount() const
{
    return static_cast<int>(std::count_if(m_impl->entries.begin(), m_impl->entries.end(), [](const auto& item) {
        return item.second.voxels > 0 && item.second.actor->GetVisibility();
    }));
}

std::int64_t SurfaceScene::shownVoxels() const
{
    std::int64_t sum = 0;
    for (const auto& [number, entry] : m_impl->entries)
        if (entry.actor->GetVisibility())
            sum += entry.voxels;
    return sum;
}

QString SurfaceScene::caption(double voxelMm3) const
{
    const int count = shownCount();
    const double ml = 1e-3 * voxelMm3 * double(shownVoxels());
    const QString volume = QLocale().toString(ml, 'f', ml < 10 ? 2 : 1);
    if (count == 0)
        return tr("No segment to show");
    return count == 1 ? tr("1 segment · %1 ml").arg(volume) : tr("%1 segments · %2 ml").arg(count).arg(volume);
}

void SurfaceScene::resetCamera()
{
    vtkCamera& camera = *m_impl->renderer->GetActiveCamera();
    camera.SetFocalPoint(0, 0, 0);
    camera.SetPosition(0.35, -1, 0.25);
    camera.SetViewUp(0, 0, 1);
    camera.SetViewAngle(25);
    m_impl->renderer->ResetCamera();
    camera.Zoom(1.15);
}

void SurfaceScene::rotate(double right, double up)
{
    vtkCamera& camera = *m_impl->renderer->GetActiveCamera();
    camera.Azimuth(-right);
    camera.Elevation(up);
    camera.OrthogonalizeViewUp();
}

void SurfaceScene::pan(double right, double up)
{
    vtkCamera& camera = *m_impl->renderer->GetActiveCamera();
    Vec3 focus{}, eye{}, top{};
    camera.GetFocalPoint(focus.data());
    camera.GetPosition(eye.data());
    camera.GetViewUp(top.data());
    const double height = 2 * camera.GetDistance() * std::tan(0.5 * camera.GetViewAngle() * std::acos(-1.0) / 180);
    const Vec3 side = normalised(cross(focus - eye, top));
    const Vec3 upward = normalised(cross(side, focus - eye));
    const Vec3 shift = (-right * height) * side + (-up * height) * upward;
    const Vec3 newFocus = focus + shift, newEye = eye + shift;
    camera.SetFocalPoint(newFocus.data());
    camera.SetPosition(newEye.data());
}

void SurfaceScene::zoom(double factor)
{
    m_impl->renderer->GetActiveCamera()->Dolly(factor);
}

void SurfaceScene::beforeRender()
{
    m_impl->renderer->ResetCameraClippingRange();
    vtkCamera& camera = *m_impl->renderer->GetActiveCamera();
    vtkCamera& letters = *m_impl->corner->GetActiveCamera();
    Vec3 direction{}, up{};
    camera.GetDirectionOfProjection(direction.data());
    camera.GetViewUp(up.data());
    letters.SetFocalPoint(0, 0, 0);
    const Vec3 eye = -4 * direction;
    letters.SetPosition(eye.data());
    letters.SetViewUp(up.data());
    m_impl->corner->ResetCameraClippingRange();
}

} // namespace annotomy
