#include "core/io/plain/nifti.h"

#include "core/io/bytes/byte_stream.h"

#include <nifti2_io.h>

#include <algorithm>

namespace annotomy {

namespace {

int niftiTypeOf(VoxelType type)
{
    switch (type) {
    case VoxelType::UInt8:
        return DT_UINT8;
    case VoxelType::Int8:
        return DT_INT8;
    case VoxelType::UInt16:
        return DT_UINT16;
    case VoxelType::Int16:
        return DT_INT16;
    case VoxelType::UInt32:
        return DT_UINT32;
    case VoxelType::Int32:
        return DT_INT32;
    case VoxelType::Float32:
        break;
    }
    return DT_FLOAT32;
}

bool isOrthogonal(const VolumeGeometry& g)
{
    return std::abs(dot(g.axis(0), g.axis(1))) < 1e-5 && std::abs(dot(g.axis(0), g.axis(2))) < 1e-5 &&
           std::abs(dot(g.axis(1), g.axis(2))) < 1e-5;
}

// The sform always; the qform, too, where a rotation can express the grid (a sheared one has none).
void place(nifti_image& image, const VolumeGeometry& g)
{
    nifti_dmat44 ras{};
    for (int axis = 0; axis < 3; ++axis) {
        const Vec3 step = g.spacing[static_cast<std::size_t>(axis)] * g.axis(axis);
        ras.m[0][axis] = -step[0];
        ras.m[1][axis] = -step[1];
        ras.m[2][axis] = step[2];
    }
    ras.m[0][3] = -g.origin[0];
    ras.m[1][3] = -g.origin[1];
    ras.m[2][3] = g.origin[2];
    ras.m[3][3] = 1;
    image.sform_code = NIFTI_XFORM_SCANNER_ANAT;
    image.sto_xyz = ras;
    if (!isOrthogonal(g))
        return;
    image.qform_code = NIFTI_XFORM_SCANNER_ANAT;
    nifti_dmat44_to_quatern(ras, &image.quatern_b, &image.quatern_c, &image.quatern_d, &image.qoffset_x,
                            &image.qoffset_y, &image.qoffset_z, nullptr, nullptr, nullptr, &image.qfac);
}

nifti_image imageOf(const Volume& volume, int count)
{
    const VolumeGeometry& g = volume.geometry();
    nifti_image image{};
    image.ndim = image.dim[0] = count > 1 ? 4 : 3;
    image.nx = image.dim[1] = g.size[0];
    image.ny = image.dim[2] = g.size[1];
    image.nz = image.dim[3] = g.size[2];
    image.nt = image.dim[4] = count;
    image.nu = image.nv = image.nw = 1;
    image.dim[5] = image.dim[6] = image.dim[7] = 1;
    image.nvox = static_cast<std::int64_t>(g.voxelCount()) * count;
    image.dx = image.pixdim[1] = g.spacing[0];
    image.dy = image.pixdim[2] = g.spacing[1];
    image.dz = image.pixdim[3] = g.spacing[2];
    image.datatype = niftiTypeOf(volume.type());
    image.nbyper = static_cast<int>(voxelSize(volume.type()));
    image.scl_slope = volume.rescale().slope;
    image.scl_inter = volume.rescale().intercept;
    image.xyz_units = NIFTI_UNITS_MM;
    image.qfac = 1;
    place(image, g);
    return image;
}

template <class Header>
std::vector<std::byte> headerBytes(const Header& header)
{
    const auto bytes = std::as_bytes(std::span(&header, 1));
    std::vector<std::byte> page(bytes.begin(), bytes.end());
    page.resize(sizeof(Header) + 4, std::byte{0}); // "no extension follows"
    return page;
}

std::vector<std::byte> encodedHeader(const Volume& volume, int count)
{
    nifti_image image = imageOf(volume, count);
    const Index3& size = volume.geometry().size;
    if (std::max({size[0], size[1], size[2]}) > 32767) { // NIfTI-1 counts in int16
        image.nifti_type = NIFTI_FTYPE_NIFTI2_1;
        image.iname_offset = sizeof(nifti_2_header) + 4;
        nifti_2_header header{};
        nifti_convert_nim2n2hdr(&image, &header);
        return headerBytes(header);
    }
    image.nifti_type = NIFTI_FTYPE_NIFTI1_1;
    image.iname_offset = sizeof(nifti_1_header) + 4;
    nifti_1_header header{};
    nifti_convert_nim2n1hdr(&image, &header);
    return headerBytes(header);
}

} // namespace

Result<void> writeNifti(const std::string& path, const Volume& volume, std::stop_token stop,
                        const ProgressReport& report)
{
    return writeNifti(path, std::span(&volume, 1), std::move(stop), report);
}

Result<void> writeNifti(const std::string& path, std::span<const Volume> volumes, std::stop_token stop,
                        const ProgressReport& report)
{
    if (volumes.empty() || volumes.front().isNull() || !isPlausible(volumes.front().geometry()))
        return Error{ErrorCode::InvalidArgument, path, "no volume to write"};
    const Volume& first = volumes.front();
    for (const Volume& volume : volumes)
        if (volume.geometry() != first.geometry() || volume.type() != first.type() ||
            volume.rescale() != first.rescale())
            return Error{ErrorCode::InvalidArgument, path, "the volumes of one file share grid, type and rescale"};
    auto file = AtomicFile::create(path);
    if (!file)
        return file.error();
    ByteWriter writer(*file, path.ends_with(".gz") ? Compression::Gzip : Compression::None);
    if (auto written = writer.write(encodedHeader(first, static_cast<int>(volumes.size()))); !written)
        return written;
    for (std::size_t n = 0; n < volumes.size(); ++n) {
        const auto count = static_cast<double>(volumes.size());
        const ProgressReport part = subProgress(report, static_cast<double>(n) / count, static_cast<double>(n + 1) / count);
        if (auto written = writer.writeLarge(volumes[n].bytes(), stop, part); !written)
            return written;
    }
    if (auto finished = writer.finish(); !finished)
        return finished;
    return file->commit();
}

} // namespace annotomy
