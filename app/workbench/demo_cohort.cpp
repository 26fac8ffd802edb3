#include "app/workbench/demo_cohort.h"

#include "core/io/dicom_writer.h"

#include <array>
#include <filesystem>

namespace annotomy {

namespace {

struct Grid {
    Index3 size;
    Vec3 spacing;
    double obliqueDegrees;
};

// Chests of about 36 x 31 x 28 cm on grids as scanners and protocols give them.
constexpr std::array<Grid, 5> grids{{
    {{112, 96, 56}, {3.2, 3.2, 5.0}, 0},
    {{128, 108, 40}, {2.8, 2.8, 7.0}, 0},
    {{104, 88, 70}, {3.4, 3.4, 4.0}, 12},
    {{120, 100, 48}, {3.0, 3.0, 6.0}, 0},
    {{96, 84, 56}, {3.7, 3.7, 5.0}, -8},
}};

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
