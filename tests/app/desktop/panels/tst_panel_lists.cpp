#include "app/desktop/panels/gate_figures.h"
#include "app/desktop/panels/import_report_model.h"
#include "app/desktop/panels/learning_curve.h"
#include "app/desktop/panels/model_list_model.h"
#include "app/desktop/panels/revision_list_model.h"
#include "app/desktop/theme.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace annotomy;

namespace {

ModelRecord model(int id, ModelStatus status, int parent = 0, const std::string& gate = "{}")
{
    ModelRecord record;
    record.id = {id};
    record.name = "model-" + std::to_string(id);
    record.parent = {parent};
    record.status = status;
    record.gateJson = gate;
    return record;
}

std::vector<EpochRecord> epochs(int count)
{
    std::vector<EpochRecord> all;
    for (int i = 1; i <= count; ++i) {
        EpochRecord epoch;
        epoch.epoch = i;
        epoch.trainLoss = 1.0 / i;
        epoch.validationDice = 1 - 0.5 / i;
        all.push_back(epoch);
    }
    return all;
}

int pixelsLike(const QImage& image, const QColor& colour)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y) == colour;
    return count;
}

} // namespace

class TestPanelLists : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theGateSpeaksInOneSentence_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("contained");
        QTest::newRow("better")
            << R"({"gated":true,"promoted":true,"candidateDice":0.88,"currentDice":0.84,"validationPatients":8})"
            << "Became current: Dice 0.880, before 0.840, on 8 validation patients.";
        QTest::newRow("worse")
            << R"({"gated":true,"promoted":false,"candidateDice":0.8,"currentDice":0.84,"validationPatients":1})"
            << "Not promoted: Dice 0.800, the current model's 0.840, on 1 validation patient.";
        QTest::newRow("a class fell")
            << R"({"gated":true,"promoted":false,"candidateDice":0.86,"currentDice":0.84,"classDifference":{"tail":-0.1,"head":0.2}})"
            << "Not promoted: Dice fell for tail.";
        QTest::newRow("not proven")
            << R"({"gated":true,"promoted":false,"candidateDice":0.86,"currentDice":0.84,"diceDifference":{"mean":0.02,"low":-0.012,"high":0.05}})"
            << "Not promoted: Dice 0.860, before 0.840, but it may be 0.012 lower";
        QTest::newRow("first") << R"({"gated":true,"promoted":true,"candidateDice":0.88,"currentDice":null})"
                               << "Became current: Dice 0.880 on";
        QTest::newRow("provisional") << R"({"gated":false,"promoted":true,"validationPatients":2})"
                                     << "Provisional: not gated";
    }

    void theGateSpeaksInOneSentence()
    {
        QFETCH(QString, json);
        QFETCH(QString, contained);
        const QString said = gateSentence(gateFigures(json.toStdString()));
        QVERIFY2(said.contains(contained), qPrintable(said));
    }

    void withoutAGateNothingIsSaid()
    {
        for (const char* json : {"{}", "", "no json", "[1]"})
            QCOMPARE(gateSentence(gateFigures(json)), QString());
    }

    void theCardsFigureStandsInForTheGates()
    {
        ModelRecord record = model(1, ModelStatus::Provisional);
        QCOMPARE(validationDice(record), std::nullopt);
        record.card.figuresJson = R"({"validationDice":0.71})";
        QCOMPARE(validationDice(record), std::optional(0.71));
        record.gateJson = R"({"gated":true,"candidateDice":0.9})";
        QCOMPARE(validationDice(record), std::optional(0.9));
    }

    void modelsAreListedWithDescent()
    {
        ModelListModel list;
        QAbstractItemModelTester tester(&list, QAbstractItemModelTester::FailureReportingMode::QtTest);
        list.setModels({model(1, ModelStatus::Retired), model(2, ModelStatus::Current, 1),
                        model(3, ModelStatus::Rejected, 2)});
        QCOMPARE(list.rowCount(), 3);
        QCOMPARE(list.index(0, ModelListModel::Name).data().toString(), QStringLiteral("model-3"));
        QCOMPARE(list.index(1, ModelListModel::Parent).data().toString(), QStringLiteral("model-1"));
        QCOMPARE(list.index(2, ModelListModel::Parent).data().toString(), QStringLiteral("from scratch"));
        QVERIFY(list.formerCurrent());
        QCOMPARE(list.formerCurrent()->id, ModelId{1});
    }

    void withoutAFormerModelThereIsNoWayBack()
    {
        ModelListModel list;
        list.setModels({model(1, ModelStatus::Current), model(2, ModelStatus::Rejected, 1)});
        QVERIFY(!list.formerCurrent());
    }

    void revisionsAreListedNewestFirst()
    {
        RevisionRecord first, second;
        first.id = {1};
        first.authorKind = AuthorKind::Import;
        first.author = "/data/masks/a.nii.gz";
        second.id = {2};
        second.author = "Ada";
        second.approved = true;
        second.approvedBy = "Ada";
        RevisionListModel list;
        QAbstractItemModelTester tester(&list, QAbstractItemModelTester::FailureReportingMode::QtTest);
        list.setRevisions({first, second}, {2});
        QCOMPARE(list.index(0, RevisionListModel::Author).data().toString(), QStringLiteral("Ada"));
        QCOMPARE(list.index(0, RevisionListModel::Approved).data().toString(), QStringLiteral("Ada"));
        QCOMPARE(list.index(0, RevisionListModel::Note).data().toString(), QStringLiteral("present"));
        QVERIFY(
            list.index(1, RevisionListModel::Author).data().toString().endsWith(QStringLiteral("a.nii.gz")));
    }

    void theReportTellsTroubleFirst()
    {
        ImportReport report;
        ImportedCase imported;
        imported.id = {4};
        imported.isNew = true;
        imported.patient = "A";
        imported.warnings = {{"missingSlice", "Slices are missing.", {"/x/1.dcm"}}};
        report.cases = {imported};
        report.skipped = {{"/x/notes.txt", ErrorCode::Unrecognised, "no image"}};
        report.filesSeen = 12;
        ImportReportModel list;
        QAbstractItemModelTester tester(&list, QAbstractItemModelTester::FailureReportingMode::QtTest);
        list.setReport(report);
        QCOMPARE(list.rowCount(), 3);
        QCOMPARE(list.lines()[0].kind, ImportReportModel::Kind::Warning);
        QVERIFY(list.lines()[0].detail.contains(QStringLiteral("1.dcm")));
        QCOMPARE(list.lines()[1].kind, ImportReportModel::Kind::Skipped);
        QVERIFY(!list.lines()[1].detail.isEmpty());
        QCOMPARE(list.index(2, 0).data(ImportReportModel::CaseRole).toLongLong(), 4);
        QCOMPARE(importSummary(report),
                 QStringLiteral("1 new case, 1 warning, 1 file not used · 12 files seen"));
    }

    void theCurveIsDrawnInsideItsPlot()
    {
        LearningCurve curve;
        curve.resize(284, 112);
        const int before = pixelsLike(curve.grab().toImage(), theme::blue);
        curve.setEpochs(epochs(20));
        QVERIFY(pixelsLike(curve.grab().toImage(), theme::blue) > before + 50);
        curve.append(epochs(21).back());
        curve.append(epochs(21).back());
        QCOMPARE(curve.epochs().size(), std::size_t{21});
    }

    void oneEpochOrNonsenseIsDrawnToo()
    {
        LearningCurve curve;
        curve.resize(284, 112);
        curve.setEpochs(epochs(1));
        curve.grab();
        std::vector<EpochRecord> bad = epochs(3);
        bad[1].trainLoss = std::numeric_limits<double>::quiet_NaN();
        bad[1].validationDice = std::numeric_limits<double>::infinity();
        curve.setEpochs(bad);
        curve.grab();
    }

    void axesHoldEveryValue()
    {
        const AxisRange range = axisRange({0.31, 0.87}, 0.1);
        QVERIFY(range.from <= 0.31 && range.to >= 0.87);
        QVERIFY(axisRange({0.5, 0.5}, 0.1).to > axisRange({0.5, 0.5}, 0.1).from);
    }
};

QTEST_MAIN(TestPanelLists)
#include "tst_panel_lists.moc"
