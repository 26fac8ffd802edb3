#include "tests/fuzz/support/workspace_check.h"

#include "core/edit/document.h"
#include "tests/fuzz/support/grids.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

#include <tuple>

namespace annotomy::fuzz {

namespace {

constexpr std::size_t mostVoxels = 1 << 16;

// As app/workbench rebuilds a document from a journal.
void replay(const CaseHistory& history, const VolumeGeometry& grid)
{
    LabelMap labels = history.base.value_or(LabelMap(grid));
    if (labels.geometry().voxelCount() > mostVoxels)
        return;
    std::vector<Edit> edits;
    for (const JournalEntry& entry : history.journal) {
        if (entry.kind != JournalKind::Edit)
            continue;
        auto edit = decodeEdit(entry.edit, labels.geometry());
        if (!edit)
            return;
        edits.push_back(std::move(*edit));
    }
    Document document(Volume(), std::move(labels));
    const std::size_t half = edits.size() / 2;
    if (document.restoreHistory(std::move(edits), half))
        while (document.canRedo())
            document.redo();
}

void readCase(Workspace& workspace, const CaseRecord& record)
{
    std::ignore = workspace.caseById(record.id);
    std::ignore = workspace.channels(record.id);
    std::ignore = workspace.metrics(record.id);
    std::ignore = workspace.decisions(record.id);
    if (const auto revisions = workspace.revisions(record.id))
        for (const RevisionRecord& revision : *revisions)
            if (const auto labels = workspace.loadMask(revision.id))
                voxelCounts(*labels);
    if (const auto history = workspace.history(record.id))
        replay(*history, record.series.geometry);
}

SeriesEntry sampleSeries(int number)
{
    SeriesEntry entry;
    entry.info.modality = "CT";
    entry.info.patientId = "P" + std::to_string(number);
    entry.info.seriesUid = "1.2." + std::to_string(number);
    entry.info.windows = {{40, 400, "soft"}};
    entry.info.warnings = {{"missingSlice", "A slice is missing.", {"/1.dcm"}}};
    entry.geometry = evenGrid();
    entry.files = {"/1.dcm", "/2.dcm"};
    entry.format = "dicom";
    entry.contentKey = entry.info.seriesUid;
    return entry;
}

LabelMap sampleMask()
{
    LabelMap labels(evenGrid());
    labels.segments().add("lung");
    labels.ensureLayers(1);
    labels.writableLayer(0)[9] = 1;
    return labels;
}

Edit sampleEdit(const LabelMap& before)
{
    LabelMap after = before;
    after.writableLayer(0)[20] = 1;
    Edit edit = difference(before, after);
    edit.tool = "brush";
    edit.author = "Ann";
    return edit;
}

ModelCard sampleCard()
{
    ModelCard card;
    card.name = "lung";
    card.network = "unet3d";
    card.channels.push_back({"image", "CT", Normalisation::CtClipZScore, -1000, 400, 0, 100});
    ModelClass lung;
    lung.output = 1;
    lung.name = "lung";
    lung.number = 1;
    card.classes.push_back(lung);
    return card;
}

Result<CaseId> addSampleCase(Workspace& workspace, int number, bool isApproved)
{
    const auto added = workspace.addCase(sampleSeries(number), "image", false);
    if (!added)
        return added.error();
    const LabelMap labels = sampleMask();
    Workspace::NewRevision revision;
    revision.caseId = added->id;
    revision.author = "Ann";
    revision.labels = &labels;
    const auto record = workspace.addRevision(revision);
    if (!record)
        return record.error();
    if (isApproved) {
        if (auto pool = workspace.approve(record->id, "Ann"); !pool)
            return pool.error();
    } else if (auto edit = workspace.appendEdit(added->id, sampleEdit(labels)); !edit) {
        return edit.error();
    }
    if (auto stored = workspace.storeMetrics(added->id, {{record->id, record->id, "reference", {}}}); !stored)
        return stored.error();
    return added->id;
}

Result<void> addSampleModel(Workspace& workspace, CaseId trainedOn)
{
    RunRecord run;
    run.folder = "runs/1";
    run.jobJson = "{}";
    run.cases = {trainedOn};
    const auto runId = workspace.beginRun(run);
    if (!runId)
        return runId.error();
    EpochRecord epoch;
    epoch.trainLoss = 0.5;
    epoch.classDice = {{"lung", 0.5}};
    if (auto stored = workspace.appendEpoch(*runId, epoch); !stored)
        return stored;
    ModelRecord model;
    model.run = *runId;
    model.file = "models/1.pt";
    model.hash = "00";
    model.card = sampleCard();
    model.trainedOn = {trainedOn};
    const auto added = workspace.addModel(model);
    if (!added)
        return added.error();
    DecisionRecord decision;
    decision.kind = "promote";
    decision.who = "Ann";
    return workspace.promote(added->id, ModelStatus::Current, decision);
}

Result<void> executed(QSqlDatabase& database, const char* sql)
{
    QSqlQuery query(database);
    if (!query.exec(QString::fromLatin1(sql)))
        return Error{ErrorCode::DatabaseFailure, {}, query.lastError().text().toStdString()};
    return {};
}

} // namespace

void readEverything(Workspace& workspace)
{
    std::ignore = workspace.users();
    std::ignore = workspace.setting("pool.salt");
    std::ignore = workspace.currentModel();
    std::ignore = workspace.interruptedRuns();
    if (const auto models = workspace.models())
        for (const ModelRecord& model : *models)
            std::ignore = workspace.model(model.id);
    if (const auto runs = workspace.runs())
        for (const RunRecord& run : *runs)
            std::ignore = workspace.epochs(run.id);
    std::ignore = workspace.decisions({});
    if (const auto cases = workspace.cases())
        for (const CaseRecord& record : *cases)
            if (record.series.geometry.voxelCount() <= mostVoxels)
                readCase(workspace, record);
}

void writeSomething(Workspace& workspace)
{
    const auto cases = workspace.cases();
    if (!cases)
        return;
    for (const CaseRecord& record : *cases) {
        if (!workspace.acquireLease(record.id) || record.series.geometry.voxelCount() > mostVoxels)
            continue;
        LabelMap before(record.series.geometry);
        before.segments().add("lung");
        before.ensureLayers(1);
        std::ignore = workspace.appendCursorMove(record.id, JournalKind::Undo);
        if (record.series.geometry.voxelCount() > 20)
            std::ignore = workspace.appendEdit(record.id, sampleEdit(before));
        if (record.head)
            std::ignore = workspace.approve(record.head, "Ann");
    }
    std::ignore = workspace.addCase(sampleSeries(3), "image", false);
}

Result<void> makeSampleWorkspace(const std::string& folder)
{
    auto opened = Workspace::open(folder);
    if (!opened)
        return opened.error();
    Workspace& workspace = **opened;
    const auto first = addSampleCase(workspace, 1, true);
    const auto second = first ? addSampleCase(workspace, 2, false) : first;
    if (!second)
        return second.error();
    SeriesEntry channel = sampleSeries(1);
    channel.contentKey += "#t2";
    if (auto added = workspace.addChannel(*first, "t2", channel); !added)
        return added;
    if (auto held = workspace.acquireLease(*second); !held)
        return held;
    std::ignore = workspace.setThumbnail(*first, {std::byte{0x89}, std::byte{'P'}});
    std::ignore = workspace.addUser("Ann");
    std::ignore = workspace.setSetting("theme", "dark");
    return addSampleModel(workspace, *first);
}

Result<void> shrinkDatabase(const std::string& path)
{
    Result<void> done;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase("QSQLITE", "shrink");
        database.setDatabaseName(QString::fromStdString(path));
        if (!database.open())
            done = Error{ErrorCode::DatabaseFailure, path, database.lastError().text().toStdString()};
        for (const char* sql : {"PRAGMA journal_mode = DELETE", "PRAGMA page_size = 512", "VACUUM"})
            if (done)
                done = executed(database, sql);
    }
    QSqlDatabase::removeDatabase("shrink");
    return done;
}

} // namespace annotomy::fuzz
