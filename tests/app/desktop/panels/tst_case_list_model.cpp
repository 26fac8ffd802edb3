#include "app/desktop/panels/case_delegate.h"
#include "app/desktop/panels/case_list_model.h"
#include "app/desktop/theme.h"

#include <QAbstractItemModelTester>
#include <QBuffer>
#include <QElapsedTimer>
#include <QListView>
#include <QPainter>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace annotomy;

namespace {

WorklistRow row(int id, CaseState state, std::optional<double> entropy = {})
{
    WorklistRow result;
    result.id = {id};
    result.patient = QStringLiteral("MR-%1").arg(id, 4, 10, QLatin1Char('0'));
    result.details = QStringLiteral("MR · 181×217×181");
    result.reason = QStringLiteral("a reason");
    result.state = state;
    result.entropy = entropy;
    return result;
}

std::vector<std::byte> pngOf(const QColor& colour)
{
    QImage image(96, 64, QImage::Format_RGB32);
    image.fill(colour);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    const auto* data = reinterpret_cast<const std::byte*>(bytes.constData());
    return {data, data + bytes.size()};
}

// The pixels of the first row as the worklist draws them.
QImage drawn(CaseListModel& model, bool selected)
{
    CaseDelegate delegate;
    QStyleOptionViewItem option;
    option.font = QApplication::font();
    option.rect = {0, 0, 252, delegate.sizeHint(option, model.index(0)).height()};
    option.state.setFlag(QStyle::State_Selected, selected);
    QImage image(option.rect.size(), QImage::Format_RGB32);
    image.fill(theme::panel);
    QPainter painter(&image);
    delegate.paint(&painter, option, model.index(0));
    return image;
}

int pixelsOf(const QImage& image, const QColor& colour)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y) == colour;
    return count;
}

} // namespace

class TestCaseListModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { theme::applyTo(*qApp); }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void keepsItsPromisesAsModel()
    {
        CaseListModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        WorklistFilterModel filter(model);
        QAbstractItemModelTester filterTester(&filter,
                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(
            {row(1, CaseState::InWork), row(2, CaseState::Proposed, 0.2), row(3, CaseState::Approved)});
        filter.setFilter(StateFilter::Next);
        QCOMPARE(filter.rowCount(), 2);
        model.setRows({row(3, CaseState::Approved)});
        QCOMPARE(filter.rowCount(), 0);
    }

    void changedContentsDoNotResetTheList()
    {
        CaseListModel model;
        model.setRows({row(1, CaseState::New), row(2, CaseState::New)});
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.setRows({row(1, CaseState::New), row(2, CaseState::InWork)});
        QCOMPARE(resets.count(), 0);
        QCOMPARE(changes.count(), 1);
        QCOMPARE(changes.front().front().toModelIndex().row(), 1);
    }

    void countsAndFiltersByState()
    {
        CaseListModel model;
        model.setRows({row(1, CaseState::InWork), row(2, CaseState::Proposed), row(3, CaseState::New),
                       row(4, CaseState::Approved)});
        QCOMPARE(model.count(StateFilter::All), 4);
        QCOMPARE(model.count(StateFilter::Next), 3);
        for (const StateFilter filter : {StateFilter::Proposed, StateFilter::InWork, StateFilter::Approved})
            QCOMPARE(model.count(filter), 1);
    }

    void readsLinesWhenTheyAreLookedAt()
    {
        CaseListModel model;
        std::vector<WorklistRow> rows{row(1, CaseState::New), row(2, CaseState::New), row(3, CaseState::New)};
        for (WorklistRow& incomplete : rows)
            incomplete.complete = false;
        model.setRows(rows);
        QSignalSpy wanted(&model, &CaseListModel::completionWanted);
        QCOMPARE(model.takeWanted().size(), std::size_t{0});
        model.index(2).data(Qt::DecorationRole);
        model.index(0).data(Qt::DecorationRole);
        model.index(0).data(Qt::DecorationRole);
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(model.takeWanted(), (std::vector<CaseId>{CaseId{1}, CaseId{3}}));
        WorklistRow complete = row(3, CaseState::New);
        complete.reason = QStringLiteral("slices are missing");
        complete.warned = true;
        model.updateRow(complete);
        model.index(2).data(Qt::DecorationRole);
        QVERIFY(model.takeWanted().empty());
        model.setRows(rows); // read again, for whatever reason
        QCOMPARE(model.index(2).data(CaseListModel::ReasonRole).toString(), complete.reason);
        QVERIFY(model.index(2).data(CaseListModel::WarnedRole).toBool());
        model.index(2).data(Qt::DecorationRole);
        QCOMPARE(model.takeWanted(), (std::vector<CaseId>{CaseId{3}}));
    }

    void ranksProposedCasesByDoubt()
    {
        std::vector<WorklistRow> rows{row(1, CaseState::Approved), row(2, CaseState::Proposed, 0.1),
                                  row(3, CaseState::New), row(4, CaseState::Proposed, 0.4),
                                  row(5, CaseState::InWork)};
        sortByUrgency(rows);
        std::vector<std::int64_t> order;
        for (const WorklistRow& sorted : rows)
            order.push_back(sorted.id.value);
        QCOMPARE(order, (std::vector<std::int64_t>{5, 4, 2, 3, 1}));
        QCOMPARE(rows[1].rank, 1);
        QCOMPARE(rows[2].rank, 2);
        CaseListModel model;
        model.setRows(rows);
        QCOMPARE(model.index(1).data(CaseListModel::UncertaintyRole).toDouble(), 1.0);
        QCOMPARE(model.index(2).data(CaseListModel::UncertaintyRole).toDouble(), 0.25);
        QCOMPARE(model.index(3).data(CaseListModel::UncertaintyRole).toDouble(), -1.0);
    }

    void readsTheDoubtFromAProposalsNote()
    {
        RevisionRecord proposal;
        proposal.note = "mean entropy 0.1234 nats";
        QCOMPARE(entropyOf(proposal), std::optional(0.1234));
        proposal.note = "12 tiles";
        QCOMPARE(entropyOf(proposal), std::nullopt);
    }

    void aWarningIsTheReason()
    {
        CaseRecord record;
        record.patientName = "A";
        record.series.info.warnings = {{"missingSlice", "x", {}}, {"gantryTilt", "y", {}}};
        const WorklistRow made = worklistRow(record, {});
        QVERIFY(made.warned);
        QVERIFY(made.reason.contains(QStringLiteral("missing")));
        QVERIFY(made.reason.contains(QStringLiteral("1 more")));
    }

    void whyACaseWasSuggestedIsTheReason()
    {
        CaseRecord record;
        record.patientName = "A";
        record.state = CaseState::Proposed;
        CaseFacts facts;
        facts.entropy = 0.3;
        facts.servedReason = "Drawn for \"liver\" by how unsure the model is there (entropy 0.412 nats, rank 2 of 37)";
        const QString reason = QString::fromStdString(facts.servedReason);
        std::vector<WorklistRow> rows{worklistRow(record, facts)};
        sortByUrgency(rows);
        CaseListModel model;
        model.setRows(rows);
        QCOMPARE(model.index(0).data(CaseListModel::ReasonRole).toString(), reason); // no second rank before it
        QVERIFY(model.index(0).data(Qt::ToolTipRole).toString().contains(reason));
        record.series.info.warnings = {{"missingSlice", "x", {}}};
        QVERIFY(worklistRow(record, facts).reason != reason);
        record.series.info.warnings.clear();
        record.state = CaseState::Approved;
        QVERIFY(worklistRow(record, facts).reason != reason);
    }

    void seriesOfOnePatientAreToldApart()
    {
        CaseRecord record;
        record.patientName = "MR-0412";
        record.state = CaseState::InWork;
        record.series.info.modality = "MR";
        record.series.geometry.size = {280, 320, 22};
        record.series.info.seriesDescription = "T1 post ";
        QCOMPARE(worklistRow(record, {}).details, QStringLiteral("MR · T1 post"));
        QCOMPARE(worklistRow(record, {}).reason, QStringLiteral("280×320×22"));
        record.series.info.seriesDescription = "MR-0412"; // tells nothing new
        QCOMPARE(worklistRow(record, {}).details, QStringLiteral("MR · 280×320×22"));
        QVERIFY(worklistRow(record, {}).reason.isEmpty());
    }

    void drawsThumbnailDotAndBar()
    {
        CaseRecord record;
        record.patientName = "MR-0412";
        record.state = CaseState::Proposed;
        record.thumbnailPng = pngOf(Qt::magenta);
        CaseListModel model;
        CaseFacts facts;
        facts.entropy = 0.3;
        model.setRows({worklistRow(record, facts)});
        const QImage plain = drawn(model, false);
        QVERIFY2(pixelsOf(plain, Qt::magenta) > 38 * 38, "the thumbnail is 40 pixels wide and high");
        QVERIFY2(pixelsOf(plain, theme::amber) > 150, "the bar is full for the least sure case");
        QCOMPARE(plain.pixelColor(5, 2), theme::panel);
        const QImage chosen = drawn(model, true);
        QCOMPARE(chosen.pixelColor(4, 30), theme::selection);
        QCOMPARE(chosen.pixelColor(0, 1), theme::panel); // the corner is round
    }

    void aBrokenThumbnailIsNoThumbnail()
    {
        WorklistRow broken = row(1, CaseState::New);
        broken.thumbnailPng = "not a picture";
        CaseListModel model;
        model.setRows({broken});
        QVERIFY(model.index(0).data(Qt::DecorationRole).value<QPixmap>().isNull());
    }

    // Filling a page out of 10,000 cases must cost about what filling it out of 100 costs.
    void paintsTenThousandAsQuicklyAsAHundred()
    {
        const auto timeOf = [](int count) {
            std::vector<WorklistRow> rows;
            for (int i = 1; i <= count; ++i)
                rows.push_back(row(i, CaseState::Proposed, 0.1));
            CaseListModel model;
            QListView view;
            view.setItemDelegate(new CaseDelegate(&view));
            view.setUniformItemSizes(true);
            view.setModel(&model);
            view.resize(276, 800);
            model.setRows(rows);
            view.grab();
            QElapsedTimer timer;
            timer.start();
            for (int i = 0; i < 10; ++i)
                view.grab();
            return static_cast<double>(timer.nsecsElapsed());
        };
        const double few = timeOf(100), many = timeOf(10'000);
        QVERIFY2(many < 4 * few, qPrintable(QStringLiteral("%1 times as long").arg(many / few)));
    }
};

QTEST_MAIN(TestCaseListModel)
#include "tst_case_list_model.moc"
