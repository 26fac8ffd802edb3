#pragma once

#include "app/workbench/workbench.h"
#include "core/io/masks/mask_file.h"
#include "core/io/plain/metaimage.h"
#include "core/io/plain/nifti.h"

#include <QTemporaryDir>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace annotomy::test {

// A workspace in a temporary folder, images and masks made by code, and the helper programs of the build tree.
class WorkbenchFixture {
public:
    WorkbenchFixture() { std::filesystem::create_directories(path("images")); }

    std::string path(const std::string& name) const { return m_folder.filePath(QString::fromStdString(name)).toStdString(); }
    std::string workspaceFolder() const { return path("workspace"); }

    static ProgramPaths fakePrograms() { return {ANNOTOMY_FAKE_READER, ANNOTOMY_FAKE_WORKER}; }
    static ProgramPaths realPrograms() { return {ANNOTOMY_READER, ANNOTOMY_WORKER}; }

    static VolumeGeometry grid(int n)
    {
        VolumeGeometry g;
        g.size = {12 + n % 3, 10, 8};
        g.spacing = {1.5, 1.25, 3};
        g.origin = {-20.0 + n, 5, 100};
        const double c = std::cos(0.3), s = std::sin(0.3);
        g.direction = {{{c, -s, 0}, {s, c, 0}, {0, 0, 1}}};
        return g;
    }

    // A bright ball in a dark box; its mask has value 1 in the ball and `shell` around its centre.
    static bool inBall(const VolumeGeometry& g, const Index3& index, double radiusMm)
    {
        const Vec3 centre = g.patientFromIndex({g.size[0] / 2.0, g.size[1] / 2.0, g.size[2] / 2.0});
        const Vec3 at = g.patientFromIndex({double(index[0]), double(index[1]), double(index[2])});
        return length(at - centre) <= radiusMm;
    }

    static Volume image(const VolumeGeometry& g)
    {
        std::vector<std::int16_t> voxels(g.voxelCount());
        for (std::size_t n = 0; n < voxels.size(); ++n)
            voxels[n] = static_cast<std::int16_t>(inBall(g, g.indexAt(n), 5) ? 200 : static_cast<int>(n % 7));
        return Volume::fromVoxels(g, std::move(voxels));
    }

    static Volume mask(const VolumeGeometry& g, int inner = 1, int outer = 2)
    {
        std::vector<std::int16_t> voxels(g.voxelCount());
        for (std::size_t n = 0; n < voxels.size(); ++n) {
            const Index3 index = g.indexAt(n);
            const int value = inBall(g, index, 3) ? inner : inBall(g, index, 5) ? outer : 0;
            voxels[n] = static_cast<std::int16_t>(value);
        }
        return Volume::fromVoxels(g, std::move(voxels));
    }

    // images/patient_00N.nii.gz, and masks/patient_00N.nii.gz when wanted.
    std::string writeImage(int n, bool withMask = true)
    {
        const std::string name = "patient_00" + std::to_string(n) + ".nii.gz";
        std::filesystem::create_directories(path("masks"));
        const bool image = writeNifti(path("images/" + name), WorkbenchFixture::image(grid(n))).has_value();
        const bool masked = !withMask || writeNifti(path("masks/" + name), mask(grid(n))).has_value();
        return image && masked ? path("images/" + name) : std::string();
    }

    // images/patient_00N.mhd in colour: red 200, green the voxel's number, blue 7; and its mask.
    std::string writeColourImage(int n)
    {
        const VolumeGeometry g = grid(n);
        const std::string name = "patient_00" + std::to_string(n), file = path("images/" + name + ".mhd");
        std::filesystem::create_directories(path("masks"));
        if (!writeNifti(path("masks/" + name + ".nii.gz"), mask(g)) ||
            !writeMetaImage(file, Volume::fromVoxels(g, std::vector<std::uint8_t>(g.voxelCount()))))
            return {};
        std::ostringstream header;
        header << std::ifstream(file).rdbuf();
        std::string text = header.str(), voxels;
        text.insert(text.find("ElementType"), "ElementNumberOfChannels = 3\n");
        writeText(file, text);
        for (std::size_t v = 0; v < g.voxelCount(); ++v)
            for (const std::size_t level : {std::size_t{200}, v % 256, std::size_t{7}})
                voxels += static_cast<char>(level);
        writeText(path("images/" + name + ".raw"), voxels);
        return file;
    }

    static void writeText(const std::string& file, const std::string& text) { std::ofstream(file) << text; }

private:
    QTemporaryDir m_folder;
};

} // namespace annotomy::test
