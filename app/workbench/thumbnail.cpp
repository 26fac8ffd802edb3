#include "app/workbench/thumbnail.h"

#include "core/image/slice_sampler.h"

#include <QBuffer>
#include <QImage>

#include <algorithm>
#include <array>

namespace annotomy {

namespace {

constexpr int edge = 96; // pixels

} // namespace

DisplayWindow windowToShow(const Volume& volume, const ImageInfo& info)
{
    if (volume.hasColours())
        return colourWindow(volume);
    if (!info.windows.empty())
        return info.windows.front();
    constexpr std::array<double, 2> fractions{0.005, 0.995};
    const std::vector<double> limits = percentiles(volume, fractions);
    DisplayWindow window;
    if (limits.size() == 2) {
        window.centre = (limits[0] + limits[1]) / 2;
        window.width = std::max(limits[1] - limits[0], 1e-6);
    }
    return window;
}

std::vector<std::byte> thumbnailPng(const Volume& volume, const ImageInfo& info)
{
    const VolumeGeometry& geometry = volume.geometry();
    const SliceLayout layout = sliceLayout(geometry, Plane::Axial);
    const int width = layout.width(geometry);
    const int height = layout.height(geometry);
    std::vector<std::uint32_t> pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    SliceStyle style;
    style.window = windowToShow(volume, info);
    style.invert = isShownInverted(info);
    paintSlice(volume, nullptr, style, layout, layout.sliceCount(geometry) / 2, {0, 0, width, height}, pixels);

    const QImage slice(reinterpret_cast<const uchar*>(pixels.data()), width, height, QImage::Format_RGB32);
    const double widthMm = width * geometry.spacing[static_cast<std::size_t>(layout.hAxis)];
    const double heightMm = height * geometry.spacing[static_cast<std::size_t>(layout.vAxis)];
    const double scale = edge / std::max(widthMm, heightMm);
    const QSize size(std::max(1, qRound(widthMm * scale)), std::max(1, qRound(heightMm * scale)));
    const QImage small = slice.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);

    QByteArray png;
    QBuffer buffer(&png);
    buffer.open(QIODevice::WriteOnly);
    small.save(&buffer, "PNG");
    const auto* bytes = reinterpret_cast<const std::byte*>(png.constData());
    return {bytes, bytes + png.size()};
}

} // namespace annotomy
