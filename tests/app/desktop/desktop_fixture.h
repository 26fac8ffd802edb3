#pragma once

#include "app/desktop/case_controller.h"
#include "core/io/plain/nifti.h"

#include <QCoreApplication>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <cstdint>
#include <memory>
#include <vector>

namespace annotomy {

// A workspace in a temporary folder, with what a window needs. Settings of the person who runs the tests stay
// untouched.
class DesktopFixture {
public:
    DesktopFixture()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("AnnotomyTests"));
        QCoreApplication::setApplicationName(QStringLiteral("desktop"));
        programs.reader = ANNOTOMY_BINARY_DIR "/bin/annotomy-reader";
        programs.worker = ANNOTOMY_BINARY_DIR "/bin/annotomy-worker";
        const std::string folder = m_folder.filePath(QStringLiteral("workspace")).toStdString();
        workbench = std::move(*Workbench::open(folder, programs));
        jobs = std::make_unique<JobRunner>(folder, programs);
        controller = std::make_unique<CaseController>(*workbench, *jobs);
        controller->setUserName(QStringLiteral("Ada"));
    }

    // Imports a synthetic MR-like volume: a bright ball in a darker body, 48 x 40 x 32 voxels of 1 x 1.2 x 2
    // mm.
    CaseId importCase()
    {
        VolumeGeometry geometry;
        geometry.size = {48, 40, 32};
        geometry.spacing = {1, 1.2, 2};
        std::vector<std::int16_t> voxels(geometry.voxelCount());
        for (std::size_t n = 0; n < voxels.size(); ++n) {
            const Index3 at = geometry.indexAt(n);
            const double x = at[0] - 24, y = (at[1] - 20) * 1.2, z = (at[2] - 16) * 2;
            voxels[n] =
                static_cast<std::int16_t>(x * x + y * y + z * z < 100 ? 300 : 100 + (at[0] + at[1]) % 7);
        }
        const std::string path = m_folder.filePath(QStringLiteral("ball.nii.gz")).toStdString();
        const auto written = writeNifti(path, Volume::fromVoxels(geometry, std::move(voxels)));
        const auto imported =
            written ? workbench->importPaths({path}, {}) : Result<ImportReport>(written.error());
        return imported && !imported->cases.empty() ? imported->cases.front().id : CaseId{};
    }

    // Another image of the case, on a coarser grid of its own: 500 in the ball, 20 around it.
    bool addChannel(CaseId id, const std::string& name)
    {
        VolumeGeometry geometry;
        geometry.size = {24, 24, 16};
        geometry.spacing = {2, 2, 4};
        std::vector<std::int16_t> voxels(geometry.voxelCount());
        for (std::size_t n = 0; n < voxels.size(); ++n) {
            const Index3 at = geometry.indexAt(n);
            const double x = at[0] * 2 - 24, y = at[1] * 2 - 24, z = at[2] * 4 - 32;
            voxels[n] = x * x + y * y + z * z < 100 ? 500 : 20;
        }
        const std::string path = m_folder.filePath(QString::fromStdString(name + ".nii.gz")).toStdString();
        if (!writeNifti(path, Volume::fromVoxels(geometry, std::move(voxels))))
            return false;
        const auto scanned = inspectPath(path, programs);
        if (!scanned || scanned->series.empty())
            return false;
        SeriesEntry entry = scanned->series.front();
        const auto record = workbench->workspace().caseById(id);
        if (!record)
            return false;
        entry.info.patientId = record->patientKey; // files without a header know nobody
        return workbench->workspace().addChannel(id, name, entry).has_value();
    }

    bool open(CaseId id)
    {
        QSignalSpy opened(controller.get(), &CaseController::caseOpened);
        controller->openCase(id);
        return opened.wait(10000);
    }

    ProgramPaths programs;
    std::unique_ptr<Workbench> workbench;
    std::unique_ptr<JobRunner> jobs;
    std::unique_ptr<CaseController> controller;

private:
    QTemporaryDir m_folder;
};

} // namespace annotomy
