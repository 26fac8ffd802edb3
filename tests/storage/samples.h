#pragma once

#include "core/edit/edit_history.h"
#include "storage/workspace.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <random>

// Small values for the storage tests, and the calls that every test repeats.
namespace annotomy::samples {

inline VolumeGeometry grid()
{
    VolumeGeometry geometry;
    geometry.size = {17, 13, 7};
    geometry.spacing = {0.7, 0.1 + 0.2, 2.5};
    geometry.origin = {-120.25, 33.125, 1e-3};
    geometry.direction = fromColumns({0.8, 0.6, 0}, {-0.6, 0.8, 0}, {0, 0, -1});
    return geometry;
}

// A DICOM series of patient `patient`; `number` tells series apart.
inline SeriesEntry series(const std::string& patient, int number)
{
    SeriesEntry entry;
    const std::string uid = "1.2.826.0.1." + std::to_string(number);
    entry.info.modality = "CT";
    entry.info.patientName = patient.empty() ? "" : patient + "^Name";
    entry.info.patientId = patient;
    entry.info.patientBirthDate = "19700101";
    entry.info.patientSex = "F";
    entry.info.studyUid = "1.2.826.1." + patient;
    entry.info.studyDate = "20240229";
    entry.info.studyDescription = "Thorax";
    entry.info.seriesUid = uid;
    entry.info.seriesNumber = std::to_string(number);
    entry.info.seriesDescription = "1.0 B30f";
    entry.info.frameOfReferenceUid = "1.2.3";
    entry.info.windows = {{-600, 1500, "LUNG"},
                          {40, 400.5, ""},
                          {40, 400, "", VoiFunction::Sigmoid},
                          {128, 3, "curve", VoiFunction::Table, {0, 200, 255}}};
    entry.info.warnings = {{"missingSlice", "A slice is missing.", {"/data/1.dcm", "/data/3.dcm"}}};
    entry.geometry = grid();
    entry.files = {"/data/" + uid + "/b.dcm", "/data/" + uid + "/a.dcm"};
    entry.format = "dicom";
    entry.transferSyntaxUid = "1.2.840.10008.1.2.1";
    entry.contentKey = uid + "#0";
    entry.frames = {3, 0};
    entry.sequence = {uid + "|seq", "time", 1, 3, 12.3456789, "s"};
    entry.irregular = SlicePositions{grid(), {{1, 2, 3}, {0.1 + 0.2, -5e-3, 1e6 / 7}}};
    entry.regularised = number % 2 == 1;
    return entry;
}

inline LabelMap emptyMask()
{
    LabelMap labels(grid());
    labels.segments().add("lung");
    labels.segments().add("nodule");
    labels.ensureLayers(1);
    return labels;
}

inline LabelMap randomMask(std::mt19937& random)
{
    LabelMap labels = emptyMask();
    for (std::uint8_t& voxel : labels.writableLayer(0))
        voxel = static_cast<std::uint8_t>(random() % 3);
    return labels;
}

// Paints one to eight voxels of `labels` and returns the edit.
inline Edit randomEdit(LabelMap& labels, std::mt19937& random)
{
    Edit edit;
    edit.tool = "brush";
    edit.author = "Dr. O'Hara \"Zoë\" 山田";
    edit.timeMs = 1700000000000;
    const std::size_t count = labels.geometry().voxelCount();
    const std::uint64_t start = random() % (count - 8);
    LayerChange change;
    auto voxels = labels.writableLayer(0);
    for (std::uint64_t at = start; at < start + 1 + random() % 8; ++at) {
        const std::uint8_t before = voxels[at];
        const auto after = static_cast<std::uint8_t>((before + 1 + random() % 2) % 3);
        change.runs.push_back({at, 1, before, after});
        edit.box.include(labels.geometry().indexAt(at));
    }
    edit.layers.push_back(change);
    perform(edit, labels, Direction::Forward);
    return edit;
}

// The mask that a history stands for, by the rule of docs/file-formats.md.
inline Result<LabelMap> replayed(const CaseHistory& history, const LabelMap& start)
{
    LabelMap labels = history.base ? *history.base : start;
    EditHistory stack;
    for (const JournalEntry& entry : history.journal) {
        if (entry.kind == JournalKind::Undo && stack.canUndo())
            perform(*stack.undo(), labels, Direction::Backward);
        else if (entry.kind == JournalKind::Redo && stack.canRedo())
            perform(*stack.redo(), labels, Direction::Forward);
        if (entry.kind != JournalKind::Edit)
            continue;
        auto edit = decodeEdit(entry.edit, labels.geometry());
        if (!edit)
            return edit.error();
        perform(*edit, labels, Direction::Forward);
        stack.push(std::make_shared<Edit>(std::move(*edit)));
    }
    return labels;
}

inline ModelCard card()
{
    ModelCard value;
    value.name = "lung";
    value.network = "unet3d";
    value.channels.push_back({"image", "CT", Normalisation::CtClipZScore, -1000, 400, 0, 100});
    ModelClass lung;
    lung.output = 1;
    lung.name = "lung";
    lung.number = 1;
    value.classes.push_back(lung);
    return value;
}

// A workspace in a folder of its own that vanishes with it.
struct TemporaryWorkspace {
    TemporaryWorkspace() { workspace = reopen(); }
    std::unique_ptr<Workspace> reopen(OpenMode mode = OpenMode::ReadWrite)
    {
        auto opened = Workspace::open(path(), mode);
        if (!opened) {
            qWarning("%s", opened.error().detail.c_str());
            return nullptr;
        }
        return std::move(*opened);
    }
    std::string path() const { return folder.filePath("work space's \"ö\" 100%?#").toStdString(); }
    std::string database() const { return path() + "/annotomy.db"; }
    CaseId addCase(const std::string& patient = "P1", int number = 1)
    {
        const auto added = workspace->addCase(series(patient, number), "image", false);
        return added ? added->id : CaseId{};
    }
    RevisionId addRevision(CaseId id, const LabelMap& labels, bool startsHistory = false)
    {
        Workspace::NewRevision revision;
        revision.caseId = id;
        revision.author = "Ann";
        revision.labels = &labels;
        revision.startsHistory = startsHistory;
        const auto record = workspace->addRevision(revision);
        if (!record)
            qWarning("%s", record.error().detail.c_str());
        return record ? record->id : RevisionId{};
    }

    // In memory where there is such a place, so that a thousand synced transactions take no time.
    static QString folderTemplate()
    {
        const QString memory = QStringLiteral("/dev/shm");
        const QString base = QFileInfo(memory).isWritable() ? memory : QDir::tempPath();
        return base + QStringLiteral("/annotomy-XXXXXX");
    }

    QTemporaryDir folder{folderTemplate()};
    std::unique_ptr<Workspace> workspace;
};

template <class T>
bool failsWith(const Result<T>& result, ErrorCode code)
{
    return !result && result.error().code == code;
}

template <class T>
const char* why(const Result<T>& result)
{
    return result ? "" : result.error().detail.c_str();
}

} // namespace annotomy::samples
