#include "app/desktop/panels/case_panel.h"
#include "app/desktop/panels/core_sentences.h"
#include "app/desktop/panels/dataset_dialog.h"
#include "app/desktop/panels/deidentify_dialog.h"
#include "app/desktop/panels/import_report_model.h"
#include "app/desktop/panels/path_list.h"
#include "app/desktop/panels/segment_codes_dialog.h"
#include "app/desktop/panels/worklist_filter_bar.h"
#include "app/desktop/panels/worklist_panel.h"
#include "app/desktop/theme.h"
#include "tests/app/desktop/panels/panel_fixture.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPointer>
#include <QPushButton>
#include <QTranslator>

using namespace annotomy;

namespace {

QPushButton* button(QWidget& widget, const QString& text)
{
    for (QPushButton* candidate : widget.findChildren<QPushButton*>())
        if (candidate->text() == text)
            return candidate;
    return nullptr;
}

// Says every sentence of core backwards, to see which ones are known.
class Marker : public QTranslator {
public:
    QString translate(const char* context, const char* source, const char*, int) const override
    {
        return QLatin1String(context) == QLatin1String("annotomy::CoreSentences")
                   ? QStringLiteral("<") + QString::fromUtf8(source) + QStringLiteral(">")
                   : QString();
    }
    bool isEmpty() const override { return false; }
};

} // namespace

class TestStudyDialogs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { theme::applyTo(*qApp); }

    void coreSentencesKeepTheirFigures()
    {
        Marker marker;
        QCoreApplication::installTranslator(&marker);
        QCOMPARE(translatedSentence("3 of 20 slices are missing; their neighbours stand in for them."),
                 QStringLiteral("<3 of 20 slices are missing; their neighbours stand in for them.>"));
        QCOMPARE(translatedSentence("The gantry was tilted by 18.5 degrees; unless they are regularised, the slices are shown "
                                    "sheared, as they lie."),
                 QStringLiteral("<The gantry was tilted by 18.5 degrees; unless they are regularised, the slices are shown "
                                "sheared, as they lie.>"));
        QCOMPARE(translatedSentence("1 of 9 slices cannot be decoded; their neighbours stand in for them (a (2).dcm)."),
                 QStringLiteral("<1 of 9 slices cannot be decoded; their neighbours stand in for them (a (2).dcm).>"));
        QCOMPARE(translatedSentence("The mask was made on another series than this image (1.2.3): look whether it lies where it should."),
                 QStringLiteral("<The mask was made on another series than this image (1.2.3): look whether it lies where it should.>"));
        QCOMPARE(translatedSentence("This image stays where it is: it is 100 %1 full."),
                 QStringLiteral("<This image stays where it is: it is 100 %1 full.>"));
        QCOMPARE(translatedSentence("ROI \"Lung: left\": 2 contours of 40 outside of the image's slices left out"),
                 QStringLiteral("<ROI \"Lung: left\": 2 contours of 40 outside of the image's slices left out>"));
        QCOMPARE(translatedSentence("ROI \"Cord\": 1 slice between its contours without one stay empty"),
                 QStringLiteral("<ROI \"Cord\": 1 slice between its contours without one stay empty>"));
        QCOMPARE(translatedSentence("overlay 2 of 3 images (the first: 1.dcm) was left out: the overlay has no data"),
                 QStringLiteral("<overlay 2 of 3 images (the first: 1.dcm) was left out: <the overlay has no data>>"));
        QCOMPARE(translatedSentence("Something that nobody wrote yet."), QStringLiteral("Something that nobody wrote yet"));
        QCoreApplication::removeTranslator(&marker);
        QCOMPARE(translatedSentence("1 file repeats slices that are there already; the copies are left out."),
                 QStringLiteral("1 file repeats slices that are there already; the copies are left out"));
    }

    void theReportNamesTheFilesConcerned()
    {
        ImportReport report;
        ImportedCase one;
        one.id = {7};
        one.patient = "A";
        one.modality = "CT";
        one.warnings = {{"unevenSpacing", "x", {"/s/1.dcm", "/s/2.dcm", "/s/3.dcm"}}, {"gantryTilt", "y", {"/s/1.dcm"}}};
        report.cases = {one};
        report.skipped = {{"/s/a.txt", ErrorCode::Unrecognised, "text"},
                          {"/s/b.txt", ErrorCode::Unrecognised, "text"},
                          {"/s/c.dcm", ErrorCode::Truncated, "short"}};
        ImportReportModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setReport(report);
        QCOMPARE(model.rowCount(), 5); // two warnings, two reasons, one case
        const QModelIndex uneven = model.index(0, 0);
        QCOMPARE(model.rowCount(uneven), 3);
        QCOMPARE(model.index(2, 0, uneven).data().toString(), QStringLiteral("3.dcm"));
        QCOMPARE(model.index(2, 0, uneven).data(Qt::ToolTipRole).toString(), QStringLiteral("/s/3.dcm"));
        QCOMPARE(model.rowCount(model.index(1, 0)), 0); // named in the line itself
        QVERIFY(model.index(1, 0).data(ImportReportModel::DetailRole).toString().contains(QStringLiteral("1.dcm")));
        QCOMPARE(model.rowCount(model.index(2, 0)), 2); // the text files
        report.cases.front().warnings.clear();
        report.skipped.clear();
        QVERIFY(importSummary(report).startsWith(QStringLiteral("Nothing new")));
    }

    void filtersByModalityAndDate()
    {
        WorklistFilterBar bar;
        QSignalSpy changed(&bar, &WorklistFilterBar::changed);
        CaseFilter filter;
        bar.restrict(filter);
        QCOMPARE(filter.modality, std::string());
        QCOMPARE(filter.fromDate, std::string());
        bar.setModality(QStringLiteral("CT"));
        bar.setDates(WorklistFilterBar::Dates::Week);
        QCOMPARE(changed.count(), 2);
        bar.restrict(filter, QDate(2026, 3, 2));
        QCOMPARE(filter.modality, std::string("CT"));
        QCOMPARE(filter.fromDate, std::string("20260224"));
        QCOMPARE(filter.toDate, std::string("20260302"));
        bar.setBetween(QDate(2026, 2, 1), QDate(2025, 12, 31));
        filter = {};
        bar.restrict(filter);
        QCOMPARE(filter.fromDate, std::string("20251231"));
        QCOMPARE(filter.toDate, std::string("20260201"));
        bar.clear();
        QVERIFY(!bar.restricts());
    }

    void damagedSlicesAreToldWhenTheCaseIsOpened()
    {
        PanelFixture fixture;
        const CaseId sound = fixture.addCase("A", {{"gantryTilt", "x", {}}});
        const CaseId damaged = fixture.addCase(
            "B", {{"damagedSlice", "2 of 8 slices cannot be decoded; their neighbours stand in for them (3.dcm, 4.dcm).", {}}});
        QSignalSpy hints(fixture.controller.get(), &CaseController::hint);
        QVERIFY(fixture.open(sound));
        QCOMPARE(hints.size(), 0);
        QVERIFY(fixture.open(damaged));
        QCOMPARE(hints.size(), 1);
        QCOMPARE(hints[0][0].toString(),
                 QStringLiteral("2 of 8 slices cannot be decoded; their neighbours stand in for them (3.dcm, 4.dcm)"));
    }

    void theWorklistIsSearchedInTheWorkspace()
    {
        PanelFixture fixture;
        fixture.addCase("Meier");
        fixture.addCase("Muller", {{"missingSlice", "x", {}}});
        fixture.addCase("Schmidt");
        FakeChooser chooser;
        WorklistPanel panel(*fixture.controller, chooser);
        panel.resize(276, 600);
        panel.show();
        QTRY_COMPARE(panel.view().model()->rowCount(), 3);
        panel.findChild<QLineEdit*>()->setText(QStringLiteral("müll"));
        QTRY_COMPARE(panel.view().model()->rowCount(), 1);
        const QModelIndex found = panel.view().model()->index(0, 0);
        QCOMPARE(found.data().toString(), QStringLiteral("Muller"));
        // What is merely shown comes once the line is looked at.
        QTRY_VERIFY(found.data(CaseListModel::WarnedRole).toBool());
        panel.findChild<QLineEdit*>()->setText(QString());
        QTRY_COMPARE(panel.view().model()->rowCount(), 3);
        panel.findChild<QLineEdit*>()->setText(QStringLiteral("schmidt ct")); // a modality among the words
        QTRY_COMPARE(panel.view().model()->rowCount(), 1);
        panel.findChild<QLineEdit*>()->setText(QString());
        QTRY_COMPARE(panel.view().model()->rowCount(), 3);
        panel.filters().setModality(QStringLiteral("MR"));
        QTRY_COMPARE(panel.view().model()->rowCount(), 0);
        panel.filters().clear();
        QTRY_COMPARE(panel.view().model()->rowCount(), 3);
    }

    void aDataSetIsMadeOfWhatIsApproved()
    {
        PanelFixture fixture;
        FakeChooser chooser;
        QPointer<DatasetDialog> dialog = new DatasetDialog(*fixture.controller, chooser);
        dialog->setFolder(fixture.folder.filePath(QStringLiteral("set")));
        QTRY_VERIFY(dialog->countsText().contains(QStringLiteral("No case is approved")));
        QVERIFY(!button(*dialog, QStringLiteral("Export"))->isEnabled());
        delete dialog;

        const CaseId id = fixture.addCase("A");
        const RevisionRecord revision = fixture.addRevision(id, AuthorKind::Person, "Ada", PanelFixture::mask(2));
        QVERIFY(fixture.workspace().approve(revision.id, "Ada"));
        dialog = new DatasetDialog(*fixture.controller, chooser);
        QTRY_VERIFY(dialog->countsText().startsWith(QStringLiteral("1 approved")));
        QVERIFY(!button(*dialog, QStringLiteral("Export"))->isEnabled()); // where to?
        dialog->setFolder(fixture.folder.filePath(QStringLiteral("set")));
        QVERIFY(button(*dialog, QStringLiteral("Export"))->isEnabled());
        for (const char* layout : {"nnunet", "msd", "coco", "bids"}) {
            dialog->setLayoutName(QLatin1String(layout));
            QCOMPARE(dialog->options().layout, std::string(layout));
        }
        dialog->setModality(QStringLiteral("CT"));
        QCOMPARE(dialog->options().modality, std::string("CT"));
        QVERIFY(dialog->countsText().startsWith(QStringLiteral("1 approved")));
        delete dialog;
    }

    void deidentificationTellsWhatIsToBeLookedAt()
    {
        DeidentificationReport report;
        report.files.resize(3);
        for (std::size_t n = 0; n < 3; ++n)
            report.files[n].output = "p/" + std::to_string(n) + ".dcm";
        report.files[0].warnings = report.files[2].warnings = {"The overlays, which may hold text, were removed."};
        report.files[1].warnings = {"Look at it."};
        report.failed = {{"/x/doc.dcm", {ErrorCode::Unsupported, "doc.dcm", "an encapsulated document"}}};
        const QStringList lines = deidentificationLines(report);
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].contains(QStringLiteral("doc.dcm")));
        QVERIFY(lines.contains(QStringLiteral("Look at it (p/1.dcm)")));
        QVERIFY(lines.contains(QStringLiteral("The overlays, which may hold text, were removed (2 files, the first: p/0.dcm)")));
    }

    void deidentificationNeedsFilesAndAFolder()
    {
        PanelFixture fixture;
        FakeChooser chooser;
        DeidentifyDialog dialog(*fixture.controller, chooser);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QPushButton* start = button(dialog, QStringLiteral("De-identify"));
        QVERIFY(start && !start->isEnabled());
        dialog.addPaths({QStringLiteral("/somewhere"), QStringLiteral("/somewhere")});
        QCOMPARE(dialog.findChild<PathList*>()->paths().size(), 1);
        QVERIFY(!start->isEnabled());
        dialog.setFolder(QStringLiteral("/elsewhere"));
        QVERIFY(start->isEnabled());
        QCOMPARE(dialog.options(), DeidentificationOptions{});
        for (QCheckBox* box : dialog.findChildren<QCheckBox*>())
            box->setChecked(true);
        const DeidentificationOptions all = dialog.options();
        QVERIFY(all.retainUids && all.retainDevice && all.retainInstitution && all.retainPatientCharacteristics
                && all.cleanDescriptors);
    }

    void whatCannotBeMeasuredSaysSo()
    {
        PanelFixture fixture;
        const auto noteOf = [&](const std::string& patient, std::vector<Warning> warnings) {
            const CaseId id = fixture.addCase(patient, std::move(warnings));
            if (!fixture.open(id))
                return QStringLiteral("not opened");
            const CasePanel panel(*fixture.controller);
            const auto* note = panel.findChild<QLabel*>(QStringLiteral("caseNote"));
            return note->isHidden() ? QString() : note->text();
        };
        const Warning uneven{"unevenSpacing", "x", {}}, regularised{"regularised", "y", {}}, tilt{"gantryTilt", "z", {}};
        QCOMPARE(noteOf("A", {}), QString());
        QCOMPARE(fixture.controller->view()->overlayText.mark, QString());
        QVERIFY(noteOf("B", {uneven}).startsWith(QStringLiteral("Not to be measured")));
        QCOMPARE(fixture.controller->view()->overlayText.mark, QStringLiteral("not to be measured"));
        QVERIFY(noteOf("C", {uneven, regularised}).contains(QStringLiteral("resampled")));
        QCOMPARE(fixture.controller->view()->overlayText.mark, QStringLiteral("regularised grid"));
        QCOMPARE(noteOf("D", {tilt}), QString()); // sheared grids are exact
    }

    void aJobIsCalledInTheLanguageOfTheMoment()
    {
        class German : public QTranslator {
        public:
            QString translate(const char*, const char* source, const char*, int) const override
            {
                return QLatin1String(source) == QLatin1String("Importing") ? QStringLiteral("Import") : QString();
            }
            bool isEmpty() const override { return false; }
        } german;
        const Job job(Job::Kind::Import, {QObject::staticMetaObject, "Importing"});
        QCOMPARE(job.title(), QStringLiteral("Importing"));
        QCoreApplication::installTranslator(&german);
        QCOMPARE(job.title(), QStringLiteral("Import"));
        QCoreApplication::removeTranslator(&german);
        QVERIFY(Job(Job::Kind::Other, {}).title().isEmpty());
    }

    void noticesAreNoWarnings()
    {
        CaseRecord record;
        record.patientName = "A";
        record.series.info.warnings = {{"suvBodyWeight", "x", {}}};
        WorklistRow row = worklistRow(record, {});
        QVERIFY(!row.warned);
        QVERIFY(row.reason.contains(QStringLiteral("SUV")));
        record.series.info.warnings = {{"gantryTilt", "x", {}}, {"unevenSpacing", "y", {}}, {"regularised", "z", {}}};
        row = worklistRow(record, {});
        QVERIFY(!row.warned);
        QVERIFY(row.reason.contains(QStringLiteral("even grid")));
    }

    void aSegmentIsNamedInCodedTerms()
    {
        Segment segment;
        segment.number = 1;
        segment.name = "kidney left";
        SegmentCodesDialog dialog(segment);
        QCOMPARE(dialog.segment(), segment); // as the name says: nothing is written down
        QVERIFY(dialog.termsShown() > 50);
        dialog.search(QStringLiteral("neopl"));
        QVERIFY(dialog.termsShown() >= 1 && dialog.termsShown() < 6);
        dialog.chooseTerm(QStringLiteral("Liver"));
        const Segment liver = dialog.segment();
        QCOMPARE(liver.type.value, std::string("10200004"));
        QCOMPARE(liver.category.meaning, std::string("Anatomical Structure"));
        QCOMPARE(withCodes(liver).type, liver.type); // what an export carries
        SegmentCodesDialog again(liver);
        QCOMPARE(again.segment(), liver);
        again.chooseTerm(QString());
        QCOMPARE(again.segment(), segment);
        Segment foreign = segment;
        foreign.category = {"123037004", "SCT", "Anatomical Structure"};
        foreign.type = {"T-99999", "SRT", "A structure of another table"};
        QCOMPARE(SegmentCodesDialog(foreign).segment(), foreign);
    }
};

QTEST_MAIN(TestStudyDialogs)
#include "tst_study_dialogs.moc"
