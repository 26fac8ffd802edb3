#include "core/synthetic/chest_phantom.h"

#include "core/base/parallel.h"
#include "core/edit/brush.h"
#include "core/synthetic/chest_anatomy.h"

#include <algorithm>
#include <cassert>
#include <cstdio>

namespace annotomy {

namespace {

constexpr SegmentNumber leftLung = 1, rightLung = 2, noduleLabel = 3;
constexpr double vesselHounsfield = 25;
constexpr Vec3 adult{358, 307, 280}; // mm of grid that the anatomy is made for

struct Nodule {
    Vec3 centre{}; // LPS mm
    double radiusMm = 6;
    double hounsfield = 100;
};

VolumeGeometry phantomGrid(const ChestPhantomOptions& options)
{
    VolumeGeometry g;
    g.size = options.size;
    g.spacing = options.spacing;
    const double angle = options.obliqueDegrees * 3.14159265358979323846 / 180;
    const double c = std::cos(angle), s = std::sin(angle);
    g.direction = fromColumns({1, 0, 0}, {0, c, s}, {0, -s, c});
    g.origin = {};
    g.origin = -1.0 * g.patientFromIndex({(g.size[0] - 1) / 2.0, (g.size[1] - 1) / 2.0, (g.size[2] - 1) / 2.0});
    return g;
}

Vec3 centreOf(const VolumeGeometry& g, std::size_t offset)
{
    const Index3 at = g.indexAt(offset);
    return g.patientFromIndex({static_cast<double>(at[0]), static_cast<double>(at[1]), static_cast<double>(at[2])});
}

// The chest on a grid: HU without noise, and the truth.
class PhantomPainter {
public:
    PhantomPainter(const VolumeGeometry& g, const ChestPhantomOptions& options)
        : m_grid(g), m_options(options), m_random(options.seed), m_anatomy(m_random), m_hu(g.voxelCount()), m_labels(g.voxelCount(), background)
    {
        for (std::size_t a = 0; a < 3; ++a)
            m_scale[a] = g.size[a] * g.spacing[a] / adult[a];
        m_voxelMm = std::cbrt(g.voxelVolumeMm3());
    }

    void paint()
    {
        paintTissues();
        paintVessels();
        paintNodules();
        addNoise(m_options.seed);
    }

    const std::vector<float>& hounsfield() const { return m_hu; }
    std::vector<std::uint8_t> takeLabels() { return std::move(m_labels); }

private:
    bool isLung(std::size_t offset) const { return m_labels[offset] == leftLung || m_labels[offset] == rightLung; }

    void paintTissues()
    {
        const auto slice = static_cast<std::size_t>(m_grid.size[0]) * static_cast<std::size_t>(m_grid.size[1]);
        parallelRanges(m_hu.size() / slice, 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t n = begin * slice; n < end * slice; ++n) {
                Vec3 p = centreOf(m_grid, n);
                for (std::size_t a = 0; a < 3; ++a)
                    p[a] /= m_scale[a];
                const Tissue tissue = m_anatomy.tissueAt(p);
                m_hu[n] = static_cast<float>(ChestAnatomy::hounsfield(tissue));
                if (tissue == Tissue::LeftLung || tissue == Tissue::RightLung) {
                    m_labels[n] = tissue == Tissue::LeftLung ? leftLung : rightLung;
                    // Denser where the patient lies on it, with a slow texture.
                    m_hu[n] += static_cast<float>(0.45 * p[1] + 14 * std::sin(p[0] * 0.11) * std::sin(p[1] * 0.13 + 1) *
                                                                    std::sin(p[2] * 0.1 + 2));
                }
            }
        });
    }

    // A vessel thinner than a voxel fills only part of it.
    void paintVessels()
    {
        for (const VesselPiece& piece : m_anatomy.vessels()) {
            VesselPiece scaled = piece;
            for (std::size_t a = 0; a < 3; ++a) {
                scaled.from[a] *= m_scale[a];
                scaled.to[a] *= m_scale[a];
            }
            scaled.radiusMm *= std::cbrt(m_scale[0] * m_scale[1] * m_scale[2]);
            const double share = std::min(1.0, 1.1 * scaled.radiusMm / m_voxelMm);
            for (const VoxelRun& run : sweptBall(m_grid, scaled.from, scaled.to, scaled.radiusMm).runs)
                for (std::uint64_t n = run.start; n < run.start + run.length; ++n)
                    if (isLung(n))
                        m_hu[n] = std::max(m_hu[n], static_cast<float>(-850 + share * share * (vesselHounsfield + 850)));
        }
    }

    void paintNodules()
    {
        std::vector<std::size_t> lung, wall;
        for (std::size_t n = 0; n < m_labels.size(); ++n) {
            if (!isLung(n))
                continue;
            lung.push_back(n);
            if (n >= 2 && n + 2 < m_labels.size() && (!isLung(n - 2) || !isLung(n + 2)))
                wall.push_back(n);
        }
        if (lung.empty())
            return;
        const auto count = static_cast<int>(m_random.uniform(3, 8));
        const double room = std::min({m_scale[0], m_scale[1], m_scale[2]});
        std::vector<Nodule> nodules;
        for (int attempt = 0; attempt < 400 && static_cast<int>(nodules.size()) < count; ++attempt) {
            Nodule nodule;
            const double radius = m_random.uniform(m_options.smallestNoduleMm, m_options.largestNoduleMm);
            nodule.radiusMm = std::max(radius * std::min(1.0, 1.3 * room), 0.75 * m_voxelMm);
            nodule.hounsfield = vesselHounsfield + m_random.uniform(30, 150);
            const auto& from = nodules.size() % 3 == 1 && !wall.empty() ? wall : lung; // every third near the wall
            nodule.centre = centreOf(m_grid, from[m_random.bits() % from.size()]);
            if (fits(nodule, nodules)) {
                paintNodule(nodule);
                nodules.push_back(nodule);
            }
        }
    }

    bool fits(const Nodule& nodule, const std::vector<Nodule>& others) const
    {
        for (const Nodule& other : others)
            if (length(nodule.centre - other.centre) < nodule.radiusMm + other.radiusMm + 4)
                return false;
        std::size_t inside = 0, all = 0;
        for (const VoxelRun& run : sweptBall(m_grid, nodule.centre, nodule.centre, nodule.radiusMm).runs) {
            all += run.length;
            for (std::uint64_t n = run.start; n < run.start + run.length; ++n)
                inside += isLung(n);
        }
        return all >= 2 && 10 * inside >= 7 * all;
    }

    // A soft edge one voxel wide; the truth ends where the nodule is half of the voxel.
    void paintNodule(const Nodule& nodule)
    {
        const double reach = nodule.radiusMm + m_voxelMm / 2;
        for (const VoxelRun& run : sweptBall(m_grid, nodule.centre, nodule.centre, reach).runs) {
            for (std::uint64_t n = run.start; n < run.start + run.length; ++n) {
                if (!isLung(n))
                    continue;
                const double depth = nodule.radiusMm - length(centreOf(m_grid, n) - nodule.centre);
                const double share = std::clamp(depth / m_voxelMm + 0.5, 0.0, 1.0);
                m_hu[n] += static_cast<float>(share * (nodule.hounsfield - static_cast<double>(m_hu[n])));
                if (depth >= 0)
                    m_labels[n] = noduleLabel;
            }
        }
    }

    // Gaussian, slightly correlated along rows and columns as reconstruction leaves it.
    void addNoise(std::uint64_t seed)
    {
        const auto ni = static_cast<std::size_t>(m_grid.size[0]), nj = static_cast<std::size_t>(m_grid.size[1]);
        const double deviation = m_random.uniform(15, 40);
        const auto scale = static_cast<float>(deviation / 0.625); // the filter below leaves 0.75² + 0.25² of the deviation
        parallelRanges(static_cast<std::size_t>(m_grid.size[2]), 1, [&](std::size_t begin, std::size_t end) {
            std::vector<float> noise((ni + 1) * (nj + 1));
            for (std::size_t k = begin; k < end; ++k) {
                SeededRandom random(seed * 1000003 + k);
                for (float& value : noise)
                    value = random.normal();
                for (std::size_t j = 0; j < nj; ++j)
                    for (std::size_t i = 0; i < ni; ++i) {
                        const float* at = noise.data() + j * (ni + 1) + i;
                        const float above = 0.75F * at[0] + 0.25F * at[1];
                        const float below = 0.75F * at[ni + 1] + 0.25F * at[ni + 2];
                        m_hu[(k * nj + j) * ni + i] += scale * (0.75F * above + 0.25F * below);
                    }
            }
        });
    }

    const VolumeGeometry& m_grid;
    const ChestPhantomOptions& m_options;
    SeededRandom m_random;
    ChestAnatomy m_anatomy;
    Vec3 m_scale{};
    double m_voxelMm = 1;
    std::vector<float> m_hu;
    std::vector<std::uint8_t> m_labels;
};

std::string uid(std::uint64_t seed, std::uint64_t kind)
{
    SeededRandom random(seed * 16 + kind);
    return "2.25." + std::to_string(random.bits() | 1);
}

ImageInfo phantomInfo(std::uint64_t seed)
{
    std::array<char, 32> number{};
    std::snprintf(number.data(), number.size(), "%02llu", static_cast<unsigned long long>(seed));
    ImageInfo info;
    info.modality = "CT";
    info.patientName = std::string("Demo ") + number.data();
    info.patientId = std::string("DEMO-") + number.data();
    info.patientSex = seed % 2 ? "F" : "M";
    info.patientBirthDate = std::to_string(1950 + seed % 40) + "0101";
    info.studyUid = uid(seed, 1);
    info.studyDate = "20260115";
    info.studyDescription = "Synthetic chest";
    info.seriesUid = uid(seed, 2);
    info.seriesNumber = "2";
    info.seriesDescription = "Chest phantom";
    info.frameOfReferenceUid = uid(seed, 3);
    info.windows = {{-500, 1500, "Lung"}, {40, 400, "Soft tissue"}};
    return info;
}

} // namespace

ChestPhantom makeChestPhantom(const ChestPhantomOptions& options)
{
    const VolumeGeometry grid = phantomGrid(options);
    assert(isPlausible(grid));
    PhantomPainter painter(grid, options);
    painter.paint();
    const Rescale rescale{1, -1024};
    std::vector<std::int16_t> stored(grid.voxelCount());
    std::transform(painter.hounsfield().begin(), painter.hounsfield().end(), stored.begin(), [](float hu) {
        return static_cast<std::int16_t>(std::clamp(std::lround(hu) + 1024L, 0L, 4095L));
    });
    LabelMap truth(grid);
    truth.segments().add("Left lung");
    truth.segments().add("Right lung");
    truth.segments().add("Nodule");
    truth.setLayer(0, painter.takeLabels());
    return {Volume::fromVoxels(grid, std::move(stored), rescale, "HU"), std::move(truth), phantomInfo(options.seed)};
}

} // namespace annotomy
