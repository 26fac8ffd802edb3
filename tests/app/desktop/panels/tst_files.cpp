#include "app/desktop/panels/attach_dialog.h"
#include "app/desktop/panels/image_export_dialog.h"
#include "app/desktop/panels/study_dialog.h"
#include "app/desktop/panels/study_facts.h"
#include "app/desktop/theme.h"
#include "app/workbench/errors.h"
#include "core/io/plain/nifti.h"
#include "core/io/plain/nrrd.h"
#include "tests/app/desktop/panels/panel_fixture.h"

#include <QApplication>
#include <QClipboard>
#include <QPushButton>
#include <QTreeWidget>

#include <algorithm>

using namespace annotomy;

namespace {

QPushButton* button(QWidget& widget, const QString& text)
{
    for (QPushButton* candidate : widget.findChildren<QPushButton*>())
        if (candidate->text() == text)
            return candidate;
    return nullptr;
}

// The first two slices have value 1.
std::string writeMask(const PanelFixture& fixture, const QString& name, VolumeGeometry grid = PanelFixture::grid())
{
    std::vector<std::int16_t> voxels(grid.voxelCount());
    std::fill_n(voxels.begin(), 2 * 12 * 10, std::int16_t{1});
    const std::string path = fixture.folder.filePath(name).toStdString();
    const auto written = writeNifti(path, Volume::fromVoxels(grid, std::move(voxels)));
    return written ? path : std::string();
}

SegmentNumber labelAt(const CaseSession& session, const Index3& index)
{
    const LabelMap& labels = session.document().labels();
    return labels.layerCount() > 0 ? labels.labelAt(0, index) : background;
}

} // namespace

// Masks that come in from files, and images that go out to them.
class TestFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        qRegisterMetaType<Error>();
        theme::applyTo(*qApp);
    }

    void aMaskJoinsTheWorkOfTheOpenCase()
    {
        PanelFixture fixture(programs());
        const CaseId id = fixture.addCase("A");
        const std::string file = writeMask(fixture, QStringLiteral("mask.nii.gz"));
        QVERIFY(!file.empty() && fixture.open(id));
        CaseSession& session = *fixture.controller->session();
        QVERIFY(session.addSegment("mine")); // not stored yet
        QSignalSpy revisions(fixture.controller.get(), &CaseController::revisionsChanged);

        FakeChooser chooser;
        AttachDialog dialog(*fixture.controller, chooser, id, QStringLiteral("A"));
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QVERIFY(!button(dialog, QStringLiteral("Attach"))->isEnabled());
        chooser.fileAnswer = QString::fromStdString(file);
        dialog.choose();
        button(dialog, QStringLiteral("Attach"))->click();
        QTRY_VERIFY(!dialog.working());
        QVERIFY2(dialog.message().startsWith(QStringLiteral("Attached as revision")), qPrintable(dialog.message()));
        QCOMPARE(revisions.count(), 1);
        QVERIFY(labelAt(session, {3, 3, 1}) != background);
        QCOMPARE(labelAt(session, {3, 3, 2}), background);
        QVERIFY(session.document().labels().segments().findByName("mine"));
        QVERIFY(!session.hasUnsavedEdits());
        const auto head = fixture.workspace().revision(fixture.workspace().caseById(id)->head);
        QVERIFY(head);
        QCOMPARE(head->author, std::string("mask.nii.gz"));
        QCOMPARE(head->authorKind, AuthorKind::Import);

        fixture.controller->undo(); // takes the mask back, and the work stays
        QCOMPARE(labelAt(session, {3, 3, 1}), background);
        QVERIFY(session.document().labels().segments().findByName("mine"));
        QVERIFY(session.hasUnsavedEdits());
        fixture.controller->redo();
        QVERIFY(session.flush());
        fixture.controller->closeCase();
        QVERIFY(fixture.open(id)); // the journal tells the same
        QVERIFY(labelAt(*fixture.controller->session(), {3, 3, 1}) != background);
    }

    void aMaskIsAttachedToACaseThatIsNotOpen()
    {
        PanelFixture fixture(programs());
        const CaseId open = fixture.addCase("A"), other = fixture.addCase("B");
        const std::string file = writeMask(fixture, QStringLiteral("mask.nii.gz"));
        QVERIFY(!file.empty() && fixture.open(open));
        FakeChooser chooser;
        AttachDialog dialog(*fixture.controller, chooser, other, QStringLiteral("B"));
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.setPath(QString::fromStdString(file));
        button(dialog, QStringLiteral("Attach"))->click();
        QTRY_VERIFY(!dialog.working());
        QVERIFY2(dialog.message().startsWith(QStringLiteral("Attached as revision")), qPrintable(dialog.message()));
        QVERIFY(bool(fixture.workspace().caseById(other)->head));
        QVERIFY(!fixture.workspace().caseById(open)->head);
    }

    void aMaskOfAnotherImageIsRefusedAsOnTheCommandLine()
    {
        PanelFixture fixture(programs());
        const CaseId id = fixture.addCase("A"), closed = fixture.addCase("B");
        VolumeGeometry elsewhere = PanelFixture::grid();
        elsewhere.origin = {0, 0, 4};
        const std::string file = writeMask(fixture, QStringLiteral("mask.nii.gz"), elsewhere);
        QVERIFY(!file.empty() && fixture.open(id));
        FakeChooser chooser;
        AttachDialog dialog(*fixture.controller, chooser, id, QStringLiteral("A"));
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.setPath(QString::fromStdString(file));
        button(dialog, QStringLiteral("Attach"))->click();
        QTRY_VERIFY(!dialog.working());
        const auto refused = fixture.workbench->attach(closed, file, {}, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::GeometryMismatch);
        QCOMPARE(dialog.message(), sentence(refused.error()));
        QVERIFY(!fixture.controller->session()->document().canUndo());
        QVERIFY(!fixture.workspace().caseById(id)->head);
    }

    void theImageIsWrittenWithWhatIsToBeKnownOfIt()
    {
        PanelFixture fixture(programs());
        const CaseId id = fixture.addCase("A", {{"gantryTilt", "The gantry was tilted.", {}}});
        QVERIFY(fixture.open(id));
        FakeChooser chooser;
        ImageExportDialog dialog(*fixture.controller, chooser);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QVERIFY2(dialog.path().endsWith(QStringLiteral("/exports/A_CT_image.nii.gz")), qPrintable(dialog.path()));
        dialog.setSuffix(QStringLiteral(".nrrd"));
        QVERIFY2(dialog.path().endsWith(QStringLiteral("/exports/A_CT_image.nrrd")), qPrintable(dialog.path()));
        button(dialog, QStringLiteral("Export"))->click();
        QTRY_VERIFY(!dialog.working());
        QVERIFY2(dialog.message().startsWith(QStringLiteral("Written:")), qPrintable(dialog.message()));
        QVERIFY(dialog.message().contains(QStringLiteral("The gantry was tilted")));
        const auto written = readNrrd(dialog.path().toStdString());
        QVERIFY(written);
        QVERIFY(sameGrid(written->geometry(), PanelFixture::grid()));
        QCOMPARE(written->valueAt({11, 9, 7}), 40.0);

        button(dialog, QStringLiteral("Export"))->click(); // it is there already
        QVERIFY(!dialog.working());
        button(dialog, QStringLiteral("Replace"))->click();
        QTRY_VERIFY(!dialog.working());
        QVERIFY(dialog.message().startsWith(QStringLiteral("Written:")));
        dialog.setPath(fixture.folder.filePath(QStringLiteral("image.png")));
        dialog.setSuffix(QStringLiteral(".mha")); // no suffix of an image: it stays, and is refused
        button(dialog, QStringLiteral("Export"))->click();
        QTRY_VERIFY(!dialog.working());
        QVERIFY(!QFileInfo::exists(dialog.path()));
    }

    void aStudyTellsWhatIsOddWithItsFiles()
    {
        SeriesEntry series;
        series.info.modality = "MR";
        series.info.studyDate = "20240229";
        series.info.warnings = {{"missingSlice", "3 of 20 slices are missing; their neighbours stand in for them.", {"/s/a.dcm", "/s/b.dcm"}},
                                {"colour", "x", {}}};
        series.geometry = PanelFixture::grid();
        series.files = {"/s/a.dcm", "/s/b.dcm", "/s/b.dcm"};
        series.format = "dicom";
        const std::vector<StudyFact> facts = studyFacts(series);
        const auto valueOf = [&](const char* name) {
            for (const StudyFact& fact : facts)
                if (fact.name == QLatin1String(name))
                    return fact.value;
            return QStringLiteral("missing");
        };
        QVERIFY(facts[0].warns && !facts[1].warns);
        QCOMPARE(facts[0].files, (QStringList{QStringLiteral("/s/a.dcm"), QStringLiteral("/s/b.dcm")}));
        QVERIFY(facts[0].value.startsWith(QStringLiteral("3 of 20 slices")));
        QCOMPARE(valueOf("Study date"), QStringLiteral("2024-02-29"));
        QCOMPARE(valueOf("Voxels"), QStringLiteral("12 × 10 × 8"));
        QCOMPARE(valueOf("Spacing"), QStringLiteral("1.000 × 1.000 × 2.000 mm"));
        QCOMPARE(valueOf("Files"), QStringLiteral("2 in /s"));
        QCOMPARE(valueOf("Patient ID"), QStringLiteral("missing")); // what is not known is not told

        PanelFixture fixture;
        QVERIFY(fixture.open(fixture.addCase("A", series.info.warnings)));
        StudyDialog dialog(*fixture.controller);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QCOMPARE(dialog.list().topLevelItemCount(), 1);
        QCOMPARE(dialog.list().topLevelItem(0)->child(0)->childCount(), 2);
        button(dialog, QStringLiteral("Copy"))->click();
        QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral("/s/b.dcm")));
    }

private:
    static ProgramPaths programs() { return {ANNOTOMY_READER, {}}; }
};

QTEST_MAIN(TestFiles)
#include "tst_files.moc"
