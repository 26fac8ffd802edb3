#include "tests/storage/samples.h"

#include "core/base/clock.h"
#include "storage/revision_store.h"

using namespace annotomy;
using namespace annotomy::samples;

class TestRevisions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }
    void aMaskComesBackToTheLastVoxel();
    void savesAreNewRevisions();
    void proposalsAreSiblings();
    void masksOffTheGridAreRefused();
    void theJournalReplays();
    void theJournalTellsWhenAndWithWhat();
    void savingKeepsTheHistoryAndClearsUnsaved();
    void startingAHistoryClosesTheOneBefore();
    void undoNeverCrossesASignOff();
    void editingReopensAnApprovedCase();
    void approvalNamesItsPersonAndItsDecision();
    void anEditIsJournalledWithItsRevision();
    void approvalRefusesToHideUnsavedEdits();
    void aPoolIsDrawnOncePerPatient();
    void poolsAreEightyToTwenty();
    void poolsAreReservedOnlyBeforeTheFirstApproval();
    void badRequestsAreRefused();
};

void TestRevisions::aMaskComesBackToTheLastVoxel()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(1);
    const LabelMap mask = randomMask(random);
    const CaseId id = fixture.addCase();
    const RevisionId revision = fixture.addRevision(id, mask);
    QVERIFY(revision);
    fixture.workspace = fixture.reopen();
    const auto loaded = fixture.workspace->loadMask(revision);
    QVERIFY2(loaded, why(loaded));
    QVERIFY(*loaded == mask);
    const auto record = fixture.workspace->revision(revision);
    QVERIFY(record && record->maskHash == sha256Hex(encodeLabelMap(mask)) && record->author == "Ann");
    QVERIFY(!record->approved && record->approvedBy.empty() && record->timeMs > 0);
}

void TestRevisions::savesAreNewRevisions()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(2);
    const CaseId id = fixture.addCase();
    const LabelMap a = randomMask(random), b = randomMask(random);
    const RevisionId first = fixture.addRevision(id, a), second = fixture.addRevision(id, b);
    const auto revisions = fixture.workspace->revisions(id);
    QVERIFY(revisions && revisions->size() == 2 && revisions->front().id == first);
    QVERIFY(*fixture.workspace->loadMask(first) == a && *fixture.workspace->loadMask(second) == b);
    const auto record = fixture.workspace->caseById(id);
    QVERIFY(record->head == second && record->state == CaseState::InWork);
}

void TestRevisions::proposalsAreSiblings()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(3);
    const CaseId id = fixture.addCase();
    const LabelMap mask = randomMask(random);
    Workspace::NewRevision proposal;
    proposal.caseId = id;
    proposal.authorKind = AuthorKind::Model;
    proposal.author = "model-1";
    proposal.labels = &mask;
    proposal.becomesHead = false;
    QVERIFY(fixture.workspace->addRevision(proposal));
    auto record = fixture.workspace->caseById(id);
    QVERIFY(!record->head && record->state == CaseState::Proposed);
    const RevisionId own = fixture.addRevision(id, mask);
    QVERIFY(fixture.workspace->addRevision(proposal));
    record = fixture.workspace->caseById(id);
    QVERIFY(record->head == own && record->state == CaseState::InWork);
}

void TestRevisions::masksOffTheGridAreRefused()
{
    TemporaryWorkspace fixture;
    const CaseId id = fixture.addCase();
    VolumeGeometry other = grid();
    other.origin[2] += 1;
    const LabelMap mask(other);
    Workspace::NewRevision revision;
    revision.caseId = id;
    revision.labels = &mask;
    QVERIFY(failsWith(fixture.workspace->addRevision(revision), ErrorCode::GeometryMismatch));
    QVERIFY(fixture.workspace->revisions(id)->empty());
}

void TestRevisions::theJournalReplays()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(4);
    const CaseId id = fixture.addCase();
    LabelMap labels = emptyMask();
    EditHistory stack;
    std::int64_t last = 0;
    for (int n = 0; n < 200; ++n) {
        Result<std::int64_t> sequence = std::int64_t{0};
        if (stack.canUndo() && random() % 3 == 0) {
            perform(*stack.undo(), labels, Direction::Backward);
            sequence = fixture.workspace->appendCursorMove(id, JournalKind::Undo);
        } else if (stack.canRedo() && random() % 2 == 0) {
            perform(*stack.redo(), labels, Direction::Forward);
            sequence = fixture.workspace->appendCursorMove(id, JournalKind::Redo);
        } else {
            const Edit edit = randomEdit(labels, random);
            stack.push(std::make_shared<Edit>(edit));
            sequence = fixture.workspace->appendEdit(id, edit);
        }
        QVERIFY2(sequence, why(sequence));
        QVERIFY(*sequence > last);
        last = *sequence;
    }
    fixture.workspace = fixture.reopen();
    const auto history = fixture.workspace->history(id);
    QVERIFY2(history, why(history));
    QCOMPARE(history->journal.size(), std::size_t{200}); // nothing is deleted
    QVERIFY(!history->base && history->unsaved);
    const auto back = replayed(*history, emptyMask());
    QVERIFY(back && *back == labels);
    QVERIFY(fixture.workspace->caseById(id)->state == CaseState::InWork);
}

void TestRevisions::theJournalTellsWhenAndWithWhat()
{
    TemporaryWorkspace fixture;
    Workspace& w = *fixture.workspace;
    std::mt19937 random(14);
    const CaseId id = fixture.addCase(), other = fixture.addCase("P2", 2);
    LabelMap labels = emptyMask();
    const std::int64_t before = nowMs();
    const RevisionId first = fixture.addRevision(id, labels);
    QVERIFY(w.appendEdit(other, randomEdit(labels, random)));
    Edit edit = randomEdit(labels, random);
    const auto painted = w.appendEdit(id, edit);
    QVERIFY(w.approve(fixture.addRevision(id, labels), "Bea"));
    edit = randomEdit(labels, random);
    edit.tool = "proposal";
    const auto accepted = w.appendEdit(id, edit);
    const auto undone = w.appendCursorMove(id, JournalKind::Undo);
    QVERIFY(painted && accepted && undone);

    const auto steps = w.journalSteps(id); // across the sign-off, and of this case alone
    QVERIFY2(steps, why(steps));
    QCOMPARE(steps->size(), std::size_t{3});
    QVERIFY((*steps)[0].sequence == *painted && (*steps)[0].tool == "brush" && (*steps)[0].kind == JournalKind::Edit);
    QVERIFY((*steps)[1].sequence == *accepted && (*steps)[1].tool == "proposal");
    QVERIFY((*steps)[2].sequence == *undone && (*steps)[2].tool.empty() && (*steps)[2].kind == JournalKind::Undo);
    std::int64_t last = before;
    for (const JournalStep& step : *steps) {
        QVERIFY(step.timeMs >= last && step.timeMs <= nowMs());
        last = step.timeMs;
    }
    const auto revisions = w.revisions(id);
    QVERIFY(revisions && revisions->front().id == first && revisions->front().journalPosition == 0);
    QCOMPARE(revisions->back().journalPosition, *painted);
    QVERIFY(failsWith(w.journalSteps(CaseId{99}), ErrorCode::NotFound));
}

void TestRevisions::savingKeepsTheHistoryAndClearsUnsaved()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(5);
    const CaseId id = fixture.addCase();
    LabelMap labels = emptyMask();
    QVERIFY(!fixture.workspace->history(id)->unsaved);
    QVERIFY(fixture.workspace->appendEdit(id, randomEdit(labels, random)));
    QVERIFY(fixture.workspace->history(id)->unsaved);
    QVERIFY(fixture.addRevision(id, labels));
    auto history = fixture.workspace->history(id);
    QVERIFY(!history->unsaved && history->journal.size() == 1 && !history->base);
    QVERIFY(fixture.workspace->appendCursorMove(id, JournalKind::Undo)); // across the save
    history = fixture.workspace->history(id);
    QVERIFY(history->unsaved && *replayed(*history, emptyMask()) == emptyMask());
}

void TestRevisions::startingAHistoryClosesTheOneBefore()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(6);
    const CaseId id = fixture.addCase();
    LabelMap labels = emptyMask();
    QVERIFY(fixture.workspace->appendEdit(id, randomEdit(labels, random)));
    LabelMap attached = randomMask(random);
    QVERIFY(fixture.addRevision(id, attached, true));
    auto history = fixture.workspace->history(id);
    QVERIFY(history->base && *history->base == attached && history->journal.empty() && !history->unsaved);
    QVERIFY(fixture.workspace->appendEdit(id, randomEdit(attached, random)));
    history = fixture.workspace->history(id);
    QVERIFY(history->journal.size() == 1 && history->unsaved && *replayed(*history, emptyMask()) == attached);
}

void TestRevisions::undoNeverCrossesASignOff()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(7);
    const CaseId id = fixture.addCase();
    LabelMap labels = emptyMask();
    for (int n = 0; n < 3; ++n)
        QVERIFY(fixture.workspace->appendEdit(id, randomEdit(labels, random)));
    const RevisionId revision = fixture.addRevision(id, labels);
    QVERIFY(fixture.workspace->approve(revision, "Bea"));
    auto history = fixture.workspace->history(id);
    QVERIFY(history->journal.empty() && history->base && *history->base == labels && !history->unsaved);
    QVERIFY(fixture.workspace->appendCursorMove(id, JournalKind::Undo)); // nothing to take back
    QVERIFY(*replayed(*fixture.workspace->history(id), emptyMask()) == labels);
}

void TestRevisions::editingReopensAnApprovedCase()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(8);
    const CaseId id = fixture.addCase();
    LabelMap labels = randomMask(random);
    const RevisionId revision = fixture.addRevision(id, labels);
    QVERIFY(fixture.workspace->approve(revision, "Bea"));
    QVERIFY(fixture.workspace->caseById(id)->state == CaseState::Approved);
    QVERIFY(fixture.workspace->appendEdit(id, randomEdit(labels, random)));
    QVERIFY(fixture.workspace->caseById(id)->state == CaseState::InWork);
    QVERIFY(fixture.workspace->revision(revision)->approved);
}

void TestRevisions::approvalNamesItsPersonAndItsDecision()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(9);
    const CaseId id = fixture.addCase();
    const LabelMap labels = randomMask(random);
    const RevisionId first = fixture.addRevision(id, labels), second = fixture.addRevision(id, labels);
    const auto pool = fixture.workspace->approve(first, "Bea");
    QVERIFY2(pool, why(pool));
    QVERIFY(*pool == Pool::Train || *pool == Pool::Validation);
    auto record = fixture.workspace->revision(first);
    QVERIFY(record->approved && record->approvedBy == "Bea" && record->approvedMs > 0);
    QVERIFY(!fixture.workspace->revision(second)->approved);
    QVERIFY(fixture.workspace->caseById(id)->head == first);
    QVERIFY(*fixture.workspace->approve(first, "Cy") == *pool);
    QCOMPARE(fixture.workspace->revision(first)->approvedBy, std::string("Bea"));
    const auto decisions = fixture.workspace->decisions(id);
    QVERIFY(decisions && decisions->size() == 2);
    QVERIFY((*decisions)[0].kind == "approve" && (*decisions)[0].who == "Bea" && (*decisions)[1].who == "Cy");
    QVERIFY((*decisions)[0].revision == first && (*decisions)[0].caseId == id);
}

void TestRevisions::anEditIsJournalledWithItsRevision()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(13);
    LabelMap labels = randomMask(random);
    const CaseId id = fixture.addCase();
    fixture.addRevision(id, labels, true);
    const LabelMap before = labels;
    const Edit edit = randomEdit(labels, random);
    Workspace::NewRevision revision;
    revision.caseId = id;
    revision.labels = &labels;
    revision.edit = &edit;
    revision.becomesHead = false;
    QVERIFY(failsWith(fixture.workspace->addRevision(revision), ErrorCode::InvalidArgument));
    revision.becomesHead = true;
    revision.model = ModelId{99}; // no such model: the whole is refused
    QVERIFY(failsWith(fixture.workspace->addRevision(revision), ErrorCode::InvalidArgument));
    QVERIFY(fixture.workspace->history(id)->journal.empty());
    revision.model = {};
    QVERIFY(fixture.workspace->addRevision(revision));
    const auto history = fixture.workspace->history(id);
    QCOMPARE(history->journal.size(), std::size_t{1});
    QVERIFY(!history->unsaved);
    QVERIFY(*history->base == before);
    QVERIFY(*replayed(*history, before) == labels);
}

void TestRevisions::approvalRefusesToHideUnsavedEdits()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(10);
    const CaseId id = fixture.addCase();
    LabelMap labels = randomMask(random);
    const RevisionId revision = fixture.addRevision(id, labels);
    QVERIFY(fixture.workspace->appendEdit(id, randomEdit(labels, random)));
    QVERIFY(failsWith(fixture.workspace->approve(revision, "Bea"), ErrorCode::Conflict));
    QVERIFY(!fixture.workspace->revision(revision)->approved);
    QVERIFY(fixture.workspace->caseById(id)->pool == Pool::None);
    QVERIFY(fixture.workspace->approve(fixture.addRevision(id, labels), "Bea"));
}

void TestRevisions::aPoolIsDrawnOncePerPatient()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(11);
    const LabelMap labels = randomMask(random);
    const CaseId a = fixture.addCase("P1", 1), b = fixture.addCase("P1", 2);
    const auto first = fixture.workspace->approve(fixture.addRevision(a, labels), "Bea");
    fixture.workspace = fixture.reopen();
    const auto second = fixture.workspace->approve(fixture.addRevision(b, labels), "Bea");
    QVERIFY(first && second && *first == *second);
    QVERIFY(*first == drawnPool("P1", *fixture.workspace->setting("pool.salt")));
    QVERIFY(fixture.workspace->caseById(a)->pool == *first);
    TemporaryWorkspace other;
    QVERIFY(*other.workspace->setting("pool.salt") != *fixture.workspace->setting("pool.salt"));
    QVERIFY(failsWith(other.workspace->setSetting("pool.salt", "mine"), ErrorCode::InvalidArgument));
}

void TestRevisions::poolsAreEightyToTwenty()
{
    int train = 0;
    for (int n = 0; n < 10000; ++n)
        train += drawnPool("patient " + std::to_string(n), "salt") == Pool::Train;
    QVERIFY(train > 7800 && train < 8200); // 5 standard deviations
}

void TestRevisions::poolsAreReservedOnlyBeforeTheFirstApproval()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(12);
    const CaseId id = fixture.addCase("P1", 1);
    QVERIFY(failsWith(fixture.workspace->reservePool("nobody", Pool::Test), ErrorCode::NotFound));
    QVERIFY(failsWith(fixture.workspace->reservePool("P1", Pool::None), ErrorCode::InvalidArgument));
    QVERIFY(fixture.workspace->reservePool("P1", Pool::Test));
    QVERIFY(*fixture.workspace->approve(fixture.addRevision(id, randomMask(random)), "Bea") == Pool::Test);
    QVERIFY(failsWith(fixture.workspace->reservePool("P1", Pool::Train), ErrorCode::Conflict));
    QVERIFY(fixture.workspace->caseById(id)->pool == Pool::Test);
}

void TestRevisions::badRequestsAreRefused()
{
    TemporaryWorkspace fixture;
    Workspace& w = *fixture.workspace;
    const CaseId id = fixture.addCase("P1", 1), other = fixture.addCase("P1", 2);
    const LabelMap labels = emptyMask();
    QVERIFY(failsWith(w.revision(RevisionId{9}), ErrorCode::NotFound));
    QVERIFY(failsWith(w.loadMask(RevisionId{9}), ErrorCode::NotFound));
    QVERIFY(failsWith(w.approve(RevisionId{9}, "Bea"), ErrorCode::NotFound));
    const RevisionId foreign = fixture.addRevision(other, labels);
    QVERIFY(failsWith(w.approve(foreign, ""), ErrorCode::InvalidArgument));
    QVERIFY(failsWith(w.appendEdit(id, Edit{}), ErrorCode::InvalidArgument));
    QVERIFY(failsWith(w.appendCursorMove(id, JournalKind::Edit), ErrorCode::InvalidArgument));
    Workspace::NewRevision revision;
    revision.caseId = id;
    QVERIFY(failsWith(w.addRevision(revision), ErrorCode::InvalidArgument));
    revision.labels = &labels;
    revision.parent = foreign;
    QVERIFY(failsWith(w.addRevision(revision), ErrorCode::InvalidArgument));
    revision.parent = RevisionId{99};
    QVERIFY(failsWith(w.addRevision(revision), ErrorCode::NotFound));
    revision.parent = {};
    revision.model = ModelId{99};
    QVERIFY(failsWith(w.addRevision(revision), ErrorCode::InvalidArgument));
    QVERIFY(w.revisions(id)->empty());
}

QTEST_GUILESS_MAIN(TestRevisions)
#include "tst_revisions.moc"
