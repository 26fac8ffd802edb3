#pragma once

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/file_chooser.h"
#include "core/io/volume_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

namespace annotomy {

// A workspace in a temporary folder with the controller that panels work against. Images are put into the
// workspace's cache, so that no reader process is needed unless foreign files are read.
class PanelFixture {
public:
    explicit PanelFixture(const ProgramPaths& programs = {})
    {
        QCoreApplication::setOrganizationName(QStringLiteral("annotomy-tests"));
        QCoreApplication::setApplicationName(QStringLiteral("panels"));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder.path());
        auto opened = Workbench::open(path(), programs);
        if (!opened)
            qFatal("%s", opened.error().detail.c_str());
        workbench = std::move(*opened);
        jobs = std::make_unique<JobRunner>(path(), programs);
        controller = std::make_unique<CaseController>(*workbench, *jobs);
    }

    std::string path() const { return folder.path().toStdString() + "/workspace"; }
    Workspace& workspace() { return workbench->workspace(); }

    static VolumeGeometry grid()
    {
        VolumeGeometry geometry;
        geometry.size = {12, 10, 8};
        geometry.spacing = {1, 1, 2};
        geometry.direction = fromColumns({0.8, 0.6, 0}, {-0.6, 0.8, 0}, {0, 0, 1});
        return geometry;
    }

    CaseId addCase(const std::string& patient, std::vector<Warning> warnings = {})
    {
        SeriesEntry series;
        series.info.modality = "CT";
        series.info.patientName = series.info.patientId = patient;
        series.info.seriesUid = series.contentKey = "1.2.3." + patient;
        series.info.studyUid = "1.2." + patient;
        series.info.warnings = std::move(warnings);
        series.geometry = grid();
        series.files = {"/nowhere/" + patient + ".dcm"};
        series.format = "dicom";
        const auto added = workspace().addCase(series, "image", false);
        if (!added)
            qFatal("%s", added.error().detail.c_str());
        putImage(series.contentKey);
        return added->id;
    }

    // A mask with one segment that fills the first `slices` slices.
    static LabelMap mask(int slices)
    {
        LabelMap labels(grid());
        labels.segments().add("liver");
        labels.ensureLayers(1);
        const auto voxels = labels.writableLayer(0);
        std::fill_n(voxels.begin(), static_cast<std::size_t>(slices) * 12 * 10, std::uint8_t{1});
        return labels;
    }

    RevisionRecord addRevision(CaseId id, AuthorKind kind, const std::string& author, const LabelMap& labels,
                               const std::string& note = {})
    {
        Workspace::NewRevision revision;
        revision.caseId = id;
        revision.authorKind = kind;
        revision.author = author;
        revision.note = note;
        revision.labels = &labels;
        revision.becomesHead = kind != AuthorKind::Model;
        revision.startsHistory = revision.becomesHead;
        const auto added = workspace().addRevision(revision);
        if (!added)
            qFatal("%s", added.error().detail.c_str());
        return *added;
    }

    // Makes it the current model; the former one is retired.
    ModelRecord addModel(const std::string& name, const std::string& gate, ModelId parent = {})
    {
        RunRecord run;
        run.parent = parent;
        run.folder = "runs/" + name;
        ModelRecord model;
        model.name = name;
        model.parent = parent;
        model.run = *workspace().beginRun(run);
        model.file = "models/" + name + ".pt";
        model.hash = sha256Hex(std::as_bytes(std::span<const char>(name)));
        putFile(model.file, name);
        model.card.name = name;
        model.card.network = "unet3d";
        model.card.channels.push_back({"image", "CT", Normalisation::CtClipZScore, -1000, 400, 0, 100});
        model.card.classes.push_back({1, "liver", 1, {}, {}, {}});
        model.gateJson = gate;
        model.timeMs = 1'774'000'000'000;
        if (const auto ended = workspace().endRun(model.run, RunStatus::Finished, {}); !ended)
            qFatal("%s", ended.error().detail.c_str());
        const auto added = workspace().addModel(model);
        if (!added)
            qFatal("%s", added.error().detail.c_str());
        DecisionRecord decision;
        decision.kind = "promote";
        decision.who = "Ada";
        decision.model = added->id;
        if (const auto promoted = workspace().promote(added->id, ModelStatus::Current, decision); !promoted)
            qFatal("%s", promoted.error().detail.c_str());
        return *added;
    }

    bool open(CaseId id)
    {
        QSignalSpy opened(controller.get(), &CaseController::caseOpened);
        controller->openCase(id);
        return opened.wait(10'000);
    }

    QTemporaryDir folder;
    std::unique_ptr<Workbench> workbench;
    std::unique_ptr<JobRunner> jobs;
    std::unique_ptr<CaseController> controller;

private:
    void putFile(const std::string& name, const std::string& content)
    {
        const QString file = QString::fromStdString(path() + '/' + name);
        QDir().mkpath(QFileInfo(file).absolutePath());
        QFile out(file);
        if (!out.open(QIODevice::WriteOnly) || out.write(QByteArray::fromStdString(content)) < 0)
            qFatal("%s", qPrintable(out.errorString()));
    }

    void putImage(const std::string& contentKey)
    {
        const std::string hash = sha256Hex(std::as_bytes(std::span<const char>(contentKey)));
        QDir().mkpath(QString::fromStdString(path() + "/cache"));
        const std::vector<std::int16_t> voxels(grid().voxelCount(), 40);
        const auto volume = Volume::fromVoxels(grid(), voxels);
        if (const auto put = writeVolumeFile(path() + "/cache/" + hash.substr(0, 32) + ".avol", volume); !put)
            qFatal("%s", put.error().detail.c_str());
    }
};

// Answers what a test told it to.
class FakeChooser : public FileChooser {
public:
    QString folderAnswer, fileAnswer, saveAnswer;
    QStringList filesAnswer;

    QString folder(QWidget*, const QString&, const QString&) override { return folderAnswer; }
    QStringList files(QWidget*, const QString&) override { return filesAnswer; }
    QString file(QWidget*, const QString&, const QString&, const QString&) override { return fileAnswer; }
    QString saveFile(QWidget*, const QString&, const QString&, const QString&) override { return saveAnswer; }
};

} // namespace annotomy
