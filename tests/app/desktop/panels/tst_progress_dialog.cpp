#include "tests/app/desktop/panels/panel_fixture.h"

#include "app/desktop/language.h"
#include "app/desktop/panels/chart_view.h"
#include "app/desktop/panels/model_panel.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/panels/progress_dialog.h"
#include "app/desktop/theme.h"
#include "app/workbench/case_session.h"

#include <QLabel>
#include <QPushButton>
#include <QToolButton>

using namespace annotomy;

namespace {

ModelPoint point(int model, int cases, double dice)
{
    return {ModelId{model}, "model-" + std::to_string(model), ModelStatus::Retired, 0, cases, dice, true, {}};
}

LearningProgress rising()
{
    return learningProgress({point(1, 2, 0.62), point(2, 4, 0.735), point(3, 8, 0.81), point(4, 16, 0.85), point(5, 32, 0.866)},
                            32);
}

CorrectionCost cost(int id, int model, int strokes)
{
    CorrectionCost one;
    one.id = {id};
    one.start = model > 0 ? CorrectionStart::Proposal : CorrectionStart::Nothing;
    one.model = {model};
    one.modelName = "model-" + std::to_string(model);
    one.strokes = strokes;
    one.seconds = 12.0 * strokes;
    one.changedVoxels = 90 * strokes;
    if (model > 0)
        one.proposalDice = 1 - 0.005 * strokes;
    return one;
}

bool shows(const QWidget& widget, const QString& text)
{
    for (const QLabel* label : widget.findChildren<QLabel*>())
        if (label->isVisibleTo(&widget) && label->text().contains(text))
            return true;
    return false;
}

// Pixels of a colour that are not the ground's.
int blueish(const QImage& image)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const QColor colour = image.pixelColor(x, y);
            count += colour.blue() > colour.red() + 60;
        }
    return count;
}

} // namespace

class TestProgressDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { theme::applyTo(*qApp); }

    void anEmptyWorkspaceSaysSo()
    {
        PanelFixture fixture;
        auto* dialog = new ProgressDialog(*fixture.controller);
        dialog->show();
        QTRY_VERIFY(fixture.jobs->running().empty());
        QVERIFY(shows(*dialog, QStringLiteral("No model has been measured")));
        QVERIFY(shows(*dialog, QStringLiteral("No case that was drawn or corrected here")));
        dialog->close();
    }

    void theAdviceStandsOverTheCurve()
    {
        PanelFixture fixture;
        auto* dialog = new ProgressDialog(*fixture.controller);
        dialog->show();
        QTRY_VERIFY(fixture.jobs->running().empty());
        ChartView& view = dialog->learningChart();
        const int before = blueish(view.grab().toImage());
        dialog->showLearning(rising());
        QVERIFY(shows(*dialog, QStringLiteral("Further cases like these are not expected to help: at Dice 0.8")));
        QVERIFY(blueish(view.grab().toImage()) > before + 300);
        QStringList tips;
        for (int x = 0; x < view.width(); x += 8)
            for (int y = 0; y < view.height(); y += 8)
                if (const QString tip = view.tipAt({double(x), double(y)}); !tip.isEmpty() && !tips.contains(tip))
                    tips << tip;
        QCOMPARE(tips.size(), 5);
        QCOMPARE(tips.last(), QStringLiteral("model-5: 32 training cases, 0.866"));
        dialog->close();
    }

    void adviceIsTranslated()
    {
        Language language;
        language.use(static_cast<int>(Language::codes().indexOf(QStringLiteral("zh_CN"))));
        PanelFixture fixture;
        auto* dialog = new ProgressDialog(*fixture.controller);
        dialog->show();
        QTRY_VERIFY(fixture.jobs->running().empty());
        QVERIFY(shows(*dialog, QStringLiteral("尚无模型在验证集上评估过")));
        std::vector<ModelPoint> points{point(1, 2, 0.5), point(2, 10, 0.6), point(3, 20, 0.7), point(4, 30, 0.76)};
        dialog->showLearning(learningProgress(points, 30));
        QVERIFY(shows(*dialog, QStringLiteral("预计再增加")) && shows(*dialog, QStringLiteral("平台值为 ")));
        QVERIFY(!shows(*dialog, QStringLiteral("%")) || !shows(*dialog, QStringLiteral("%1")));
        points.pop_back();
        dialog->showLearning(learningProgress(points, 30));
        QVERIFY(shows(*dialog, QStringLiteral("再有一个用不同病例数训练的模型")));
        QCOMPARE(dialog->learningChart().chart().title, std::string("验证集 Dice"));
        dialog->close();
        language.use(0);
    }

    void theMeasureIsChosen()
    {
        PanelFixture fixture;
        auto* dialog = new ProgressDialog(*fixture.controller);
        dialog->show();
        QTRY_VERIFY(fixture.jobs->running().empty());
        dialog->showCosts({cost(1, 0, 40), cost(2, 0, 50), cost(3, 1, 20), cost(4, 2, 8), cost(5, 2, 6)});
        QCOMPARE(dialog->costChart().chart().title, std::string("Strokes"));
        QCOMPARE(dialog->costChart().chart().x.ticks.size(), std::size_t{3});
        QCOMPARE(dialog->costChart().chart().x.ticks.front().second, std::string("by hand"));
        for (QToolButton* chip : dialog->findChildren<QToolButton*>())
            if (chip->text() == QStringLiteral("Dice"))
                chip->click();
        QCOMPARE(dialog->costChart().chart().title, std::string("Dice of the proposal"));
        QCOMPARE(dialog->costChart().chart().x.ticks.size(), std::size_t{2});
        QVERIFY(shows(*dialog, QStringLiteral("A pause counts for 60 s at most")));
        dialog->close();
    }

    void thePanelOpensItWithTheWorkspacesFigures()
    {
        PanelFixture fixture;
        const CaseId id = fixture.addCase("A");
        {
            const auto session = CaseSession::open(*fixture.workbench, id, {}, "Ada");
            QVERIFY(session && (*session)->replaceLabels(PanelFixture::mask(3), "threshold"));
            QVERIFY((*session)->approve("Ada"));
        }
        ModelPanel panel(*fixture.controller);
        panel.show();
        for (QPushButton* button : panel.findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Progress…"))
                button->click();
        auto* dialog = panel.window()->findChild<ProgressDialog*>();
        QVERIFY(dialog);
        QTRY_COMPARE(dialog->costChart().chart().marks.size(), std::size_t{2}); // the case, and the median
        QCOMPARE(dialog->costChart().chart().marks.front().tip, std::string("case 1: 1"));
        QVERIFY(shows(*dialog, QStringLiteral("Up to the first sign-off")));
        dialog->close();
    }

    void closingStopsTheCounting()
    {
        PanelFixture fixture;
        for (int n = 0; n < 20; ++n)
            fixture.addCase("P" + std::to_string(n));
        auto* dialog = new ProgressDialog(*fixture.controller);
        dialog->show();
        delete dialog;
        QTRY_VERIFY(fixture.jobs->running().empty());
    }
};

QTEST_MAIN(TestProgressDialog)
#include "tst_progress_dialog.moc"
