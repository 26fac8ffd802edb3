#include "tests/app/desktop/panels/panel_fixture.h"

#include "app/desktop/panels/case_panel.h"
#include "app/desktop/panels/comparison_bar.h"
#include "app/desktop/panels/export_dialog.h"
#include "app/desktop/panels/import_dialog.h"
#include "app/desktop/panels/learning_curve.h"
#include "app/desktop/panels/model_list_model.h"
#include "app/desktop/panels/model_panel.h"
#include "app/desktop/panels/model_export_dialog.h"
#include "app/desktop/panels/model_import_dialog.h"
#include "app/desktop/panels/models_dialog.h"
#include "app/desktop/panels/proposal_bar.h"
#include "app/desktop/panels/revision_list_model.h"
#include "app/desktop/panels/revisions_dialog.h"
#include "app/desktop/panels/segment_figures_model.h"
#include "app/desktop/panels/suggestion_bar.h"
#include "app/desktop/panels/user_dialog.h"
#include "app/desktop/panels/worklist_panel.h"
#include "app/desktop/theme.h"
#include "app/workbench/export_formats.h"

#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPointer>
#include <QPushButton>

using namespace annotomy;

namespace {

QPushButton* button(QWidget& widget, const QString& text)
{
    for (QPushButton* candidate : widget.findChildren<QPushButton*>())
        if (candidate->text().startsWith(text))
            return candidate;
    return nullptr;
}

bool shows(QWidget& widget, const QString& text)
{
    for (const QLabel* label : widget.findChildren<QLabel*>())
        if (label->isVisibleTo(&widget) && label->text().contains(text))
            return true;
    return false;
}

const std::string goodGate =
    R"({"gated":true,"promoted":true,"candidateDice":0.881,"currentDice":0.84,"validationPatients":8})";

} // namespace

class TestPanels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { theme::applyTo(*qApp); }

    void theWorklistReadsTheWorkspaceAndOpensACase()
    {
        PanelFixture fixture;
        const CaseId first = fixture.addCase("A"), second = fixture.addCase("B");
        WorklistPanel panel(*fixture.controller);
        panel.resize(276, 600);
        panel.show();
        QTRY_COMPARE(panel.model().rowCount(), 2);
        QSignalSpy opened(fixture.controller.get(), &CaseController::caseOpened);
        const QModelIndex row = panel.view().model()->index(1, 0);
        QTest::mouseClick(panel.view().viewport(), Qt::LeftButton, {}, panel.view().visualRect(row).center());
        QVERIFY(opened.wait(10'000));
        QCOMPARE(fixture.controller->caseId(), second);
        panel.openPrevious();
        QVERIFY(opened.wait(10'000));
        QCOMPARE(fixture.controller->caseId(), first);
        QCOMPARE(panel.view().currentIndex().row(), 0);
    }

    void theTopOfTheWorklistOpensOnceItIsRead()
    {
        PanelFixture fixture;
        const CaseId first = fixture.addCase("A");
        fixture.addCase("B");
        WorklistPanel panel(*fixture.controller);
        panel.openTopWhenRead();
        QTRY_COMPARE(fixture.controller->caseId(), first);
        QTRY_COMPARE(panel.view().currentIndex().row(), 0);
    }

    void aSuggestionOpensACaseAndTellsWhy()
    {
        PanelFixture fixture;
        const CaseId first = fixture.addCase("A"), second = fixture.addCase("B");
        WorklistPanel panel(*fixture.controller);
        panel.resize(276, 600);
        panel.show();
        auto* bar = panel.findChild<SuggestionBar*>();
        QVERIFY(bar && !bar->strategy());
        bar->setStrategy(RankingStrategy::Random);
        QVERIFY(SuggestionBar(*fixture.controller).strategy() == RankingStrategy::Random); // it is remembered
        QSignalSpy suggested(bar, &SuggestionBar::suggested);
        QSignalSpy opened(fixture.controller.get(), &CaseController::caseOpened);
        panel.suggestNext();
        QTRY_COMPARE(opened.count(), 1);
        QCOMPARE(suggested.count(), 1);
        const CaseId one = fixture.controller->caseId();
        const auto labels = bar->findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->isVisible() && label->text() == QStringLiteral("Drawn at random");
        }));
        panel.suggestNext(); // the other one of the same query
        QTRY_COMPARE(opened.count(), 2);
        QCOMPARE(fixture.controller->caseId(), one == first ? second : first);
        const auto decisions = fixture.workspace().decisions();
        QVERIFY(decisions);
        QCOMPARE(std::count_if(decisions->begin(), decisions->end(),
                               [](const DecisionRecord& d) { return d.kind == "serve-case"; }),
                 2);
        bar->setStrategy(std::nullopt);
    }

    void aSuggestionThatNeedsAModelSaysSo()
    {
        PanelFixture fixture;
        fixture.addCase("A");
        SuggestionBar bar(*fixture.controller);
        bar.setStrategy(RankingStrategy::Entropy);
        QSignalSpy failed(fixture.controller.get(), &CaseController::failed);
        bar.suggest();
        QTRY_COMPARE(failed.count(), 1);
        bar.setStrategy(std::nullopt);
    }

    void enterOpensTheChosenCase()
    {
        PanelFixture fixture;
        const CaseId id = fixture.addCase("A");
        WorklistPanel panel(*fixture.controller);
        QTRY_COMPARE(panel.model().rowCount(), 1);
        QSignalSpy opened(fixture.controller.get(), &CaseController::caseOpened);
        panel.view().setCurrentIndex(panel.view().model()->index(0, 0));
        QTest::keyClick(&panel.view(), Qt::Key_Return);
        QVERIFY(opened.wait(10'000));
        QCOMPARE(fixture.controller->caseId(), id);
    }

    void anEmptyWorkspaceOffersToImport()
    {
        PanelFixture fixture;
        WorklistPanel panel(*fixture.controller);
        panel.show();
        QTRY_VERIFY(shows(panel, QStringLiteral("No cases yet")));
        QSignalSpy asked(&panel, &WorklistPanel::importRequested);
        button(panel, QStringLiteral("Import"))->click();
        QCOMPARE(asked.count(), 1);
        fixture.addCase("A");
        Q_EMIT fixture.controller->caseListChanged();
        QTRY_COMPARE(panel.model().rowCount(), 1);
    }

    void theCaseIsMeasuredAgainstItsReference()
    {
        PanelFixture fixture;
        const CaseId id = fixture.addCase("A");
        const RevisionRecord reference =
            fixture.addRevision(id, AuthorKind::Import, "/x/truth.nii.gz", PanelFixture::mask(4));
        CasePanel panel(*fixture.controller);
        panel.resize(308, 500);
        QVERIFY(fixture.open(id));
        QCOMPARE(panel.comparedWith(), reference.id);
        auto* table = panel.findChild<SegmentFiguresModel*>();
        const auto dice = [&] { return table->index(0, SegmentFiguresModel::Dice).data().toString(); };
        QTRY_COMPARE(dice(), QStringLiteral("1.000"));
        QVERIFY(fixture.controller->session()->replaceLabels(PanelFixture::mask(2), "test").has_value());
        QTRY_COMPARE(dice(), QStringLiteral("0.667"));
        fixture.controller->closeCase();
        QCOMPARE(table->rowCount(), 0);
    }

    void aProposalWaitsForItsAnswer()
    {
        PanelFixture fixture;
        const CaseId id = fixture.addCase("A");
        fixture.addRevision(id, AuthorKind::Person, "Ada", PanelFixture::mask(2));
        fixture.addRevision(id, AuthorKind::Model, "model-1", PanelFixture::mask(4), "mean entropy 0.2 nats");
        ProposalBar bar(*fixture.controller);
        QVERIFY(bar.isHidden());
        QVERIFY(fixture.open(id));
        QVERIFY(!bar.isHidden());
        QTRY_VERIFY(shows(bar, QStringLiteral("+0.48 ml, −0.00 ml, Dice to yours 0.667")));
        QVERIFY(fixture.controller->view()->comparison());
        button(bar, QStringLiteral("Show"))->click();
        QVERIFY(!fixture.controller->view()->comparison());
        button(bar, QStringLiteral("Accept"))->click();
        QVERIFY(bar.isHidden());
        QVERIFY(fixture.controller->session()->document().labels() == PanelFixture::mask(4));
    }

    void aRevisionIsComparedAndRevertedTo()
    {
        PanelFixture fixture;
        const CaseId id = fixture.addCase("A");
        const RevisionRecord old = fixture.addRevision(id, AuthorKind::Person, "Ada", PanelFixture::mask(1));
        fixture.addRevision(id, AuthorKind::Person, "Ada", PanelFixture::mask(3));
        QPointer<RevisionsDialog> dialog = new RevisionsDialog(*fixture.controller, systemFileChooser(), id);
        ComparisonBar bar(*fixture.controller);
        QCOMPARE(dialog->model().rowCount(), 2);
        dialog->select(old.id);
        QVERIFY(!button(*dialog, QStringLiteral("Revert"))->isEnabled());
        QVERIFY(fixture.open(id));
        QVERIFY(button(*dialog, QStringLiteral("Revert"))->isEnabled());
        button(*dialog, QStringLiteral("Compare"))->click();
        QVERIFY(fixture.controller->view()->comparison());
        QVERIFY(!bar.isHidden());
        QVERIFY(shows(bar, QStringLiteral("Ada")));
        button(bar, QStringLiteral("End"))->click();
        QVERIFY(!fixture.controller->view()->comparison());
        QVERIFY(bar.isHidden());
        button(*dialog, QStringLiteral("Revert"))->click();
        QVERIFY(fixture.controller->session()->document().labels() == PanelFixture::mask(1));
        QVERIFY(fixture.controller->session()->document().canUndo());
        delete dialog;
    }

    void theModelPanelTellsWhatIsInUse()
    {
        PanelFixture fixture;
        ModelPanel panel(*fixture.controller);
        QVERIFY(shows(panel, QStringLiteral("No model yet")));
        QVERIFY(button(panel, QStringLiteral("Train")));
        QVERIFY(!button(panel, QStringLiteral("Propose"))->isEnabled());
        const ModelRecord model = fixture.addModel("model-1", goodGate);
        EpochRecord epoch;
        epoch.epoch = 1;
        QVERIFY(fixture.workspace().appendEpoch(model.run, epoch).has_value());
        Q_EMIT fixture.controller->modelsChanged();
        QVERIFY(shows(panel, QStringLiteral("model-1")));
        QVERIFY(shows(panel, QStringLiteral("Dice 0.881")));
        QVERIFY(button(panel, QStringLiteral("Retrain")));
        QCOMPARE(panel.findChild<LearningCurve*>()->epochs().size(), std::size_t{1});
        QVERIFY(panel.chosenOptions().fromCurrent);
        QCOMPARE(panel.chosenOptions().minutes, std::optional(10.0));
    }

    void anInterruptedRunIsOfferedForResuming()
    {
        PanelFixture fixture;
        ModelPanel panel(*fixture.controller);
        RunRecord run;
        run.id = {3};
        run.status = RunStatus::Interrupted;
        run.startedMs = 1'774'000'000'000;
        panel.showRun(run, {});
        QVERIFY(shows(panel, QStringLiteral("was interrupted")));
        button(panel, QStringLiteral("Dismiss"))->click();
        panel.showRun(run, {});
        QVERIFY(!shows(panel, QStringLiteral("was interrupted")));
    }

    void goingBackToAModelNeedsAReason()
    {
        PanelFixture fixture;
        const ModelRecord old = fixture.addModel("model-1", goodGate);
        fixture.addModel("model-2", goodGate, old.id);
        fixture.controller->setUserName(QStringLiteral("Ada"));
        QPointer<ModelsDialog> dialog = new ModelsDialog(*fixture.controller);
        QPushButton* rollBack = button(*dialog, QStringLiteral("Roll back"));
        QVERIFY(!rollBack->isEnabled());
        dialog->findChild<QLineEdit*>()->setText(QStringLiteral("it missed the tail"));
        QVERIFY(rollBack->isEnabled());
        rollBack->click();
        const auto current = fixture.workspace().currentModel();
        QVERIFY(current && *current);
        QCOMPARE((*current)->id, old.id);
        delete dialog;
    }

    void aModelIsExportedAsItsFile()
    {
        PanelFixture fixture;
        const ModelRecord model = fixture.addModel("model-1", goodGate);
        FakeChooser chooser;
        QPointer<ModelExportDialog> dialog = new ModelExportDialog(*fixture.controller, chooser, model);
        const QString out = fixture.folder.path() + QStringLiteral("/out.pt");
        dialog->setPath(out);
        button(*dialog, QStringLiteral("Export"))->click();
        QTRY_VERIFY(!dialog->message().isEmpty());
        QFile written(out);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QCOMPARE(written.readAll(), QByteArray("model-1"));
        button(*dialog, QStringLiteral("Export"))->click(); // there is one now
        QVERIFY(button(*dialog, QStringLiteral("Replace")));
        delete dialog;
    }

    void aModelThatCannotBeImportedEndsInASentence()
    {
        PanelFixture fixture; // its worker program does not exist
        fixture.addModel("model-1", goodGate);
        fixture.controller->setUserName(QStringLiteral("Ada"));
        FakeChooser chooser;
        QPointer<ModelImportDialog> dialog = new ModelImportDialog(*fixture.controller, chooser);
        QVERIFY(!button(*dialog, QStringLiteral("Import"))->isEnabled());
        dialog->setModelFile(fixture.folder.path() + QStringLiteral("/foreign.pt"));
        button(*dialog, QStringLiteral("Import"))->click();
        QTRY_VERIFY(!dialog->message().isEmpty());
        QVERIFY(!dialog->working());
        const auto models = fixture.workspace().models();
        QVERIFY(models && models->size() == 1);
        delete dialog;
    }

    void importAsksForPathsOnceEach()
    {
        PanelFixture fixture;
        FakeChooser chooser;
        chooser.folderAnswer = fixture.folder.path();
        QPointer<ImportDialog> dialog = new ImportDialog(*fixture.controller, chooser);
        QVERIFY(!button(*dialog, QStringLiteral("Import"))->isEnabled());
        button(*dialog, QStringLiteral("Add folder"))->click();
        button(*dialog, QStringLiteral("Add folder"))->click();
        QCOMPARE(dialog->paths(), QStringList{fixture.folder.path()});
        QVERIFY(button(*dialog, QStringLiteral("Import"))->isEnabled());
        QVERIFY(!dialog->options().copy);
        delete dialog;
    }

    void aFailedImportEndsInASentence()
    {
        PanelFixture fixture; // its reader program does not exist
        FakeChooser chooser;
        QPointer<ImportDialog> dialog = new ImportDialog(*fixture.controller, chooser);
        dialog->addPaths({fixture.folder.path() + QStringLiteral("/missing")});
        button(*dialog, QStringLiteral("Import"))->click();
        QTRY_VERIFY(!dialog->message().isEmpty());
        QVERIFY(!dialog->working());
        QVERIFY(button(*dialog, QStringLiteral("Import"))->isEnabled());
        delete dialog;
    }

    void exportFollowsTheFormat()
    {
        PanelFixture fixture;
        FakeChooser chooser;
        ExportDialog* dialog =
            new ExportDialog(*fixture.controller, chooser, {1}, {}, QStringLiteral("A/B^C"));
        QVERIFY(dialog->path().endsWith(QStringLiteral("/exports/A_B_C.nii.gz")));
        dialog->setFormat(QStringLiteral("seg-nrrd"));
        QVERIFY(dialog->path().endsWith(QStringLiteral("/exports/A_B_C.seg.nrrd")));
        dialog->setFormat(QStringLiteral("nrrd"));
        QVERIFY(dialog->path().endsWith(QStringLiteral("/exports/A_B_C.nrrd")));
        for (const ExportFormat& format : exportFormats()) { // what is offered is what the format takes
            dialog->setFormat(QString::fromStdString(format.name));
            QCOMPARE(dialog->format().toStdString(), format.name);
            const std::string path = dialog->path().toStdString();
            QVERIFY2(std::any_of(format.suffixes.begin(), format.suffixes.end(),
                                 [&](const std::string& suffix) { return path.ends_with("A_B_C" + suffix); }),
                     path.c_str());
        }
        dialog->setDeidentified(true); // a file that names nobody is not called after the patient
        QVERIFY(dialog->deidentified());
        QVERIFY(dialog->path().endsWith(QStringLiteral("/exports/case_0001.dcm")));
        dialog->setFormat(QStringLiteral("nifti"));
        QVERIFY(!dialog->deidentified());
        QVERIFY(dialog->path().endsWith(QStringLiteral("A_B_C.nii.gz")));
        delete dialog;
    }

    void exportAsksBeforeItReplaces()
    {
        PanelFixture fixture;
        FakeChooser chooser;
        const CaseId id = fixture.addCase("A");
        fixture.addRevision(id, AuthorKind::Person, "Ada", PanelFixture::mask(2));
        QFile file(fixture.folder.filePath(QStringLiteral("kept.nii.gz")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("mine") == 4);
        file.close();
        QPointer<ExportDialog> dialog =
            new ExportDialog(*fixture.controller, chooser, id, {}, QStringLiteral("A"));
        dialog->setPath(file.fileName());
        button(*dialog, QStringLiteral("Export"))->click();
        QVERIFY(!dialog->working());
        const QString question = dialog->message();
        QVERIFY(!question.isEmpty());
        QCOMPARE(file.size(), 4);
        button(*dialog, QStringLiteral("Replace"))->click();
        QVERIFY(dialog->working());
        QTRY_VERIFY(!dialog->working());
        QVERIFY(dialog->message() != question); // whether it could be written, as the answer to the second press
        delete dialog;
    }

    void aReaderHasAName()
    {
        PanelFixture fixture;
        UserDialog dialog({QStringLiteral("Ada")}, {}, nullptr);
        QVERIFY(!button(dialog, QStringLiteral("Continue"))->isEnabled());
        dialog.findChild<QLineEdit*>()->setText(QStringLiteral("  Rudolf   Virchow "));
        QVERIFY(button(dialog, QStringLiteral("Continue"))->isEnabled());
        QCOMPARE(dialog.name(), QStringLiteral("Rudolf Virchow"));
        UserChip chip(*fixture.controller);
        fixture.controller->setUserName(dialog.name());
        QCOMPARE(chip.text(), QStringLiteral("Rudolf Virchow"));
    }

    void nothingIsWiderThanTheSidePanels()
    {
        PanelFixture fixture;
        fixture.addModel("a-model-with-a-remarkably-long-name", goodGate);
        ModelPanel model(*fixture.controller);
        CasePanel casePanel(*fixture.controller);
        WorklistPanel worklist(*fixture.controller);
        QVERIFY2(model.minimumSizeHint().width() <= 284,
                 qPrintable(QString::number(model.minimumSizeHint().width())));
        QVERIFY2(casePanel.minimumSizeHint().width() <= 284,
                 qPrintable(QString::number(casePanel.minimumSizeHint().width())));
        QVERIFY2(worklist.minimumSizeHint().width() <= 276,
                 qPrintable(QString::number(worklist.minimumSizeHint().width())));
    }
};

QTEST_MAIN(TestPanels)
#include "tst_panels.moc"
