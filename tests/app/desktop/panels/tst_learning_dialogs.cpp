#include "app/desktop/panels/evaluation_dialog.h"
#include "app/desktop/panels/model_choice.h"
#include "app/desktop/panels/plan_dialog.h"
#include "app/desktop/panels/propose_dialog.h"
#include "app/desktop/theme.h"
#include "tests/app/desktop/panels/panel_fixture.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>

using namespace annotomy;

namespace {

QPushButton* button(QWidget& widget, const QString& text)
{
    for (QPushButton* candidate : widget.findChildren<QPushButton*>())
        if (candidate->text() == text)
            return candidate;
    return nullptr;
}

bool says(QWidget& widget, const QString& part)
{
    const auto labels = widget.findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) { return label->text().contains(part); });
}

PlanOutcome somePlan()
{
    PlanOutcome outcome;
    outcome.data.cases.resize(7);
    outcome.findings = {{"fewCases", false, "Only 4 cases train: expect proposals to be rough."}};
    TrainingPlan& plan = outcome.plan.emplace();
    plan.recipe.levels = 4;
    plan.recipe.patch = {40, 48, 32};
    plan.recipe.spacing = {1, 1, 1.5};
    plan.steps = 1234;
    plan.secondsPerStep = 0.48;
    plan.bytes = 1'250'000'000;
    return outcome;
}

} // namespace

class TestLearningDialogs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { theme::applyTo(*qApp); }
    void modelsAreChosen();
    void severalModelsNeedARule();
    void aProposalNeedsAModel();
    void aPlanLeadsToItsTraining();
    void aWorkerThatIsNotThereIsTold();
};

void TestLearningDialogs::modelsAreChosen()
{
    PanelFixture fixture;
    const ModelRecord first = fixture.addModel("first", "{}");
    const ModelRecord second = fixture.addModel("second", "{}", first.id);
    ModelChoice choice;
    choice.setModels(*fixture.workspace().models(), second.id);
    QCOMPARE(choice.options().models, std::vector<ModelId>{second.id});
    choice.choose({first.id, second.id});
    choice.setRule(EnsembleRule::Staple);
    const ProposeOptions options = choice.options();
    QCOMPARE(options.models.size(), std::size_t{2});
    QCOMPARE(options.inference.rule, EnsembleRule::Staple);
}

void TestLearningDialogs::severalModelsNeedARule()
{
    PanelFixture fixture;
    ModelRecord plain = fixture.addModel("first", "{}"), mirrored = fixture.addModel("second", "{}");
    mirrored.card.recipe.mirrorAxes = {1, 0, 0};
    ModelChoice choice;
    choice.setModels({plain, mirrored}, plain.id);
    auto* rule = choice.findChild<QComboBox*>();
    auto* mirror = choice.findChild<QCheckBox*>();
    QVERIFY(!rule->isEnabled() && !mirror->isEnabled());
    choice.setMirror(true);
    QVERIFY(!choice.options().inference.mirror); // the model has never seen a mirror image
    choice.choose({plain.id, mirrored.id});
    QVERIFY(rule->isEnabled() && mirror->isEnabled());
    QVERIFY(choice.options().inference.mirror);
}

void TestLearningDialogs::aProposalNeedsAModel()
{
    PanelFixture fixture;
    FakeChooser chooser;
    const CaseId id = fixture.addCase("Lee");
    QVERIFY(fixture.open(id));
    auto* dialog = new ProposeDialog(*fixture.controller, chooser);
    button(*dialog, QStringLiteral("Propose"))->click();
    QVERIFY(!dialog->working());
    QCOMPARE(dialog->message(), QStringLiteral("Choose at least one model."));
    delete dialog;
}

void TestLearningDialogs::aPlanLeadsToItsTraining()
{
    PanelFixture fixture;
    FakeChooser chooser;
    auto* dialog = new PlanDialog(*fixture.controller, chooser);
    std::optional<TrainOptions> wanted;
    connect(dialog, &PlanDialog::trainingWanted, this, [&](const TrainOptions& options) { wanted = options; });
    dialog->setMinutes(25);
    QVERIFY(button(*dialog, QStringLiteral("Plan")) && !button(*dialog, QStringLiteral("Train")));
    dialog->showOutcome(somePlan());
    QVERIFY(says(*dialog, QStringLiteral("40 × 48 × 32")) && says(*dialog, QStringLiteral("1.25 GB")));
    QVERIFY(says(*dialog, QStringLiteral("Only 4 cases train")));
    dialog->setMinutes(30); // another budget, another plan
    QVERIFY(!button(*dialog, QStringLiteral("Train")));
    dialog->showOutcome(somePlan());
    dialog->setAttribute(Qt::WA_DeleteOnClose, false);
    button(*dialog, QStringLiteral("Train"))->click();
    QVERIFY(wanted.has_value());
    QCOMPARE(wanted->recipe, std::string("planned"));
    QCOMPARE(wanted->minutes, std::optional(30.0));
    delete dialog;
}

void TestLearningDialogs::aWorkerThatIsNotThereIsTold()
{
    PanelFixture fixture; // its worker does not exist
    FakeChooser chooser;
    fixture.addModel("first", "{}");
    auto* dialog = new EvaluationDialog(*fixture.controller, chooser);
    dialog->setFolder(fixture.folder.filePath(QStringLiteral("report")));
    button(*dialog, QStringLiteral("Judge"))->click();
    QVERIFY(dialog->working());
    QTRY_VERIFY(!dialog->working());
    QVERIFY(!dialog->message().isEmpty());
    QVERIFY(!QFile::exists(fixture.folder.filePath(QStringLiteral("report/report.html"))));
    delete dialog;
}

QTEST_MAIN(TestLearningDialogs)
#include "tst_learning_dialogs.moc"
