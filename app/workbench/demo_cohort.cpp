#include "app/workbench/demo_cohort.h"

#include "core/io/dicom/dicom_writer.h"

#include <array>
#include <filesystem>

namespace annotomy {

namespace {

struct Grid {
    Index3 size;
    Vec3 spacing;
    double obliqueDegrees;
};

// Chests of about 36 x 31 x 28 cm, coarse so that two cores learn them in minutes, on varied grids.
constexpr std::array<Grid, 5> grids{{
    {{86, 74, 56}, {4.2, 4.2, 5.0}, 0},
    {{96, 82, 44}, {3.75, 3.75, 6.4}, 0},
    {{80, 70, 70}, {4.5, 4.5, 4.0}, 12},
    {{90, 76, 56}, {4.0, 4.0, 5.0}, 0},
    {{84, 72, 62}, {4.3, 4.3, 4.5}, -8},
}};

// Nodules that a minute or two of training can learn to find: 16 to 34 mm across.
constexpr double smallestNoduleMm = 8, largestNoduleMm = 17;

constexpr std::array<DemoRole, 14> roles{
    DemoRole::First,     DemoRole::First,     DemoRole::First,      DemoRole::Validation, DemoRole::Validation,
    DemoRole::Validation, DemoRole::Corrected, DemoRole::Corrected, DemoRole::Corrected,  DemoRole::Corrected,
    DemoRole::HeldOut,   DemoRole::HeldOut,   DemoRole::HeldOut,    DemoRole::HeldOut,
};

std::string patientId(std::size_t n)
{
    const std::string number = std::to_string(n + 1);
    return "DEMO-" + std::string(number.size() < 2 ? 1 : 0, '0') + number;
}

} // namespace

Result<std::vector<DemoPatient>> writeDemoCohort(const std::string& folder, std::uint64_t seed, std::stop_token stop,
                                                 const ProgressReport& report)
{
    std::vector<DemoPatient> patients;
    for (std::size_t n = 0; n < roles.size(); ++n) {
        if (stop.stop_requested())
            return cancelledError();
        const Grid& grid = grids[n % grids.size()];
        ChestPhantomOptions options;
        options.seed = seed * 1000 + n;
        options.size = grid.size;
        options.spacing = grid.spacing;
        options.obliqueDegrees = grid.obliqueDegrees;
        options.smallestNoduleMm = smallestNoduleMm;
        options.largestNoduleMm = largestNoduleMm;
        ChestPhantom phantom = makeChestPhantom(options);
        phantom.info.patientId = patientId(n);
        phantom.info.patientName = patientId(n);
        const std::string target = folder + '/' + patientId(n);
        std::error_code error;
        std::filesystem::create_directories(target, error);
        if (const auto written = writeDicomSeries(target, phantom.image, phantom.info); !written)
            return written.error();
        patients.push_back({patientId(n), roles[n], std::move(phantom.truth)});
        reportProgress(report, static_cast<double>(n + 1) / static_cast<double>(roles.size()));
    }
    return patients;
}

} // namespace annotomy
