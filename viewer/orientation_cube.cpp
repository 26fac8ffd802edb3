#include "viewer/orientation_cube.h"

#include "core/image/vec.h"
#include "viewer/colours.h"

#include <QGuiApplication>
#include <QImage>
#include <QPainter>

#include <vtkActor.h>
#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper.h>
#include <vtkProperty.h>
#include <vtkRenderer.h>
#include <vtkTexture.h>

#include <cstring>

namespace annotomy {

namespace {

constexpr int textureSide = 128; // pixels

struct Face {
    char letter;
    Vec3 outward, up; // LPS; `up` is where the letter's top points
};

constexpr Face faces[] = {
    {'L', {1, 0, 0}, {0, 0, 1}},  {'R', {-1, 0, 0}, {0, 0, 1}}, {'P', {0, 1, 0}, {0, 0, 1}},
    {'A', {0, -1, 0}, {0, 0, 1}}, {'S', {0, 0, 1}, {0, -1, 0}}, {'I', {0, 0, -1}, {0, -1, 0}},
};

QImage letterPicture(char letter)
{
    QImage picture(textureSide, textureSide, QImage::Format_RGB888);
    picture.fill(QColor(0x2a, 0x31, 0x38));
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(QColor(0x56, 0x63, 0x70), 6));
    painter.drawRect(picture.rect());
    QFont font = QGuiApplication::font();
    font.setPixelSize(92);
    font.setBold(true);
    painter.setFont(font);
    painter.setPen(colours::letter);
    painter.drawText(picture.rect(), Qt::AlignCenter, QChar::fromLatin1(letter));
    return picture;
}

// VTK's first row is the lowest one.
vtkSmartPointer<vtkTexture> textureOf(const QImage& picture)
{
    const QImage upwards = picture.mirrored();
    vtkNew<vtkImageData> data;
    data->SetDimensions(upwards.width(), upwards.height(), 1);
    data->AllocateScalars(VTK_UNSIGNED_CHAR, 3);
    for (int row = 0; row < upwards.height(); ++row)
        std::memcpy(data->GetScalarPointer(0, row, 0), upwards.constScanLine(row), std::size_t(3 * upwards.width()));
    auto texture = vtkSmartPointer<vtkTexture>::New();
    texture->SetInputData(data);
    texture->InterpolateOn();
    texture->MipmapOn();
    return texture;
}

vtkSmartPointer<vtkPolyData> squareOf(const Face& face)
{
    const Vec3 right = cross(face.up, face.outward);
    vtkNew<vtkPoints> points;
    vtkNew<vtkFloatArray> corners;
    corners->SetNumberOfComponents(2);
    vtkNew<vtkCellArray> cells;
    cells->InsertNextCell(4);
    constexpr double square[4][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    for (const auto& [u, v] : square) {
        const Vec3 point = 0.5 * face.outward + (u - 0.5) * right + (v - 0.5) * face.up;
        cells->InsertCellPoint(points->InsertNextPoint(point.data()));
        corners->InsertNextTuple2(u, v);
    }
    auto mesh = vtkSmartPointer<vtkPolyData>::New();
    mesh->SetPoints(points);
    mesh->SetPolys(cells);
    mesh->GetPointData()->SetTCoords(corners);
    return mesh;
}

} // namespace

void addOrientationCube(vtkRenderer& renderer)
{
    for (const Face& face : faces) {
        vtkNew<vtkPolyDataMapper> mapper;
        mapper->SetInputData(squareOf(face));
        vtkNew<vtkActor> actor;
        actor->SetMapper(mapper);
        actor->SetTexture(textureOf(letterPicture(face.letter)));
        actor->GetProperty()->BackfaceCullingOn();
        actor->GetProperty()->SetAmbient(0.45);
        actor->GetProperty()->SetDiffuse(0.55);
        renderer.AddActor(actor);
    }
}

} // namespace annotomy
