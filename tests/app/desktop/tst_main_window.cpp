#include "app/desktop/display_panel.h"
#include "app/desktop/fields.h"
#include "app/desktop/language.h"
#include "app/desktop/main_window.h"
#include "app/desktop/notice_area.h"
#include "app/desktop/pane_grid.h"
#include "app/desktop/panels/attach_dialog.h"
#include "app/desktop/panels/import_dialog.h"
#include "app/desktop/segment_model.h"
#include "app/desktop/segment_panel.h"
#include "app/desktop/shortcut_sheet.h"
#include "app/desktop/status_bar.h"
#include "app/desktop/theme.h"
#include "core/io/masks/seg_nrrd.h"
#include "core/io/plain/nrrd.h"
#include "tests/app/desktop/desktop_fixture.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QUrl>
#include <QXmlStreamReader>

#include <algorithm>
#include <numeric>
#include <set>

using namespace annotomy;

class MainWindowTest : public QObject {
    Q_OBJECT

private:
    std::int64_t paintedVoxels() const
    {
        const auto counts = voxelCounts(m_fixture->controller->session()->document().labels());
        return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
    }

    void openCase()
    {
        const CaseId id = m_fixture->importCase();
        QVERIFY2(id, "the synthetic study could not be imported");
        QVERIFY(m_fixture->open(id));
    }

    void stroke(QWidget* pane)
    {
        const QPoint middle = pane->rect().center();
        QTest::mousePress(pane, Qt::LeftButton, {}, middle);
        QTest::mouseMove(pane, middle + QPoint(20, 0));
        QTest::mouseMove(pane, middle + QPoint(40, 10));
        QTest::mouseRelease(pane, Qt::LeftButton, {}, middle + QPoint(40, 10));
    }

    void trigger(const char* id) { m_window->actions().find(QLatin1String(id))->trigger(); }

    std::unique_ptr<DesktopFixture> m_fixture;
    std::unique_ptr<MainWindow> m_window;

private Q_SLOTS:
    void initTestCase() { theme::applyTo(*qApp); }

    void init()
    {
        m_fixture = std::make_unique<DesktopFixture>();
        m_window = std::make_unique<MainWindow>(*m_fixture->controller);
        m_window->resize(1400, 900);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }

    void cleanup()
    {
        m_window.reset();
        m_fixture.reset();
    }

    void opensOnAnEmptyWorkspace()
    {
        QVERIFY(!m_window->panes().isVisible());
        QCOMPARE(m_window->status().saved(), StatusBar::Saved::Nothing);
        const auto* notice = m_window->findChild<QLabel*>(QStringLiteral("notForDiagnosis"));
        QVERIFY(notice && notice->isVisible());
    }

    void approvesAnEmptyCaseOnlyWhenToldSo()
    {
        openCase();
        CaseController& controller = *m_fixture->controller;
        bool answer = false;
        int asked = 0;
        controller.setEmptyPrompt([&] {
            ++asked;
            return answer;
        });
        const auto isApproved = [&] {
            const auto record = m_fixture->workbench->workspace().caseById(controller.caseId());
            return record && record->state == CaseState::Approved;
        };
        controller.approve();
        QCOMPARE(asked, 1);
        QVERIFY(!isApproved());
        answer = true;
        controller.approve();
        QVERIFY(isApproved());
    }

    void stepsThroughTheImagesOfACase()
    {
        const CaseId id = m_fixture->importCase();
        QVERIFY(id);
        QVERIFY(m_fixture->addChannel(id, "PET"));
        QVERIFY(m_fixture->open(id));
        CaseController& controller = *m_fixture->controller;
        ViewState& view = *controller.view();
        QCOMPARE(controller.channels().all().size(), std::size_t{2});
        QCOMPARE(controller.channels().shown(), 0);
        const VolumeGeometry grid = view.volume().geometry();
        const DisplayWindow own{200, 150, {}};
        view.setWindow(own);
        view.setCursor({24, 20, 16}); // the ball's centre
        trigger("nextChannel");
        QTRY_COMPARE(controller.channels().shown(), 1);
        QCOMPARE(view.overlayText.channel, QStringLiteral("PET"));
        QVERIFY(!view.shownOnGrid());
        QVERIFY(view.window() != own);
        QCOMPARE(view.cursor(), (Index3{24, 20, 16}));
        QCOMPARE(view.volume().geometry(), grid);
        const DisplayWindow pet{100, 90, {}};
        view.setWindow(pet);
        trigger("nextChannel"); // stops at the end
        QCOMPARE(controller.channels().shown(), 1);
        // Tools work with what is seen, voxel by voxel of the mask.
        QTRY_VERIFY(!view.values().isNull());
        QCOMPARE(view.values().geometry(), grid);
        QCOMPARE(view.values().valueAt({24, 20, 16}), 500.0);
        QCOMPARE(controller.session()->document().volume().valueAt({2, 2, 2}), 20.0);
        trigger("previousChannel");
        QCOMPARE(controller.channels().shown(), 0); // at once: it is there already
        QCOMPARE(view.window(), own);
        QCOMPARE(controller.session()->document().volume().valueAt({24, 20, 16}), 300.0);
        trigger("nextChannel");
        QCOMPARE(controller.channels().shown(), 1);
        QCOMPARE(view.window(), pet);
        controller.closeCase();
        QCOMPARE(controller.channels().shown(), -1);
    }

    void opensACaseInThreePanes()
    {
        openCase();
        QVERIFY(!m_fixture->controller->view()->volume().isNull());
        for (const SlicePane* pane : m_window->panes().slicePanes())
            QVERIFY(pane->isVisible());
        QCOMPARE(m_window->status().saved(), StatusBar::Saved::All);
    }

    void aStrokeIsJournalledUndoneAndSaved()
    {
        openCase();
        CaseSession* session = m_fixture->controller->session();
        QSignalSpy confirmed(session, &CaseSession::confirmed);
        trigger("tool1");
        QCOMPARE(m_window->tools().tool(), ToolKind::Brush);
        stroke(m_window->panes().slicePanes()[0]);
        QVERIFY(paintedVoxels() > 0);
        QTRY_VERIFY(!confirmed.isEmpty());
        QTRY_COMPARE(m_window->status().saved(), StatusBar::Saved::All);
        const std::int64_t painted = paintedVoxels();

        trigger("undo");
        QCOMPARE(paintedVoxels(), 0);
        trigger("redo");
        QCOMPARE(paintedVoxels(), painted);
        trigger("save");
        const auto revisions = m_fixture->workbench->workspace().revisions(m_fixture->controller->caseId());
        QVERIFY(revisions.has_value());
        QCOMPARE(revisions->size(), std::size_t{1});
    }

    void volumesFollowTheStrokes()
    {
        openCase();
        trigger("tool1");
        stroke(m_window->panes().slicePanes()[0]);
        const double voxelMl = m_fixture->controller->view()->volume().geometry().voxelVolumeMm3() / 1000;
        const auto shown = [this] {
            const SegmentModel& model = m_window->segments().model();
            const QString text = model.data(model.index(0, SegmentModel::Volume)).toString();
            return QLocale().toDouble(text.section(QLatin1Char(' '), 0, 0));
        };
        QTRY_VERIFY(std::abs(shown() - static_cast<double>(paintedVoxels()) * voxelMl) < 0.006);
        trigger("undo");
        if (paintedVoxels() == 0)
            QTRY_VERIFY(std::abs(shown()) < 0.006);
    }

    void segmentsAreAddedNamedLockedColouredAndDeleted()
    {
        openCase();
        SegmentModel& model = m_window->segments().model();
        const QAbstractItemModelTester tester(&model);
        CaseSession* session = m_fixture->controller->session();
        trigger("addSegment");
        QCOMPARE(model.rowCount(), 1);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QVERIFY(model.setData(model.index(0, SegmentModel::Name), QStringLiteral("海马 left"), Qt::EditRole));
        QCOMPARE(reset.count(), 0); // it would take the editor away while it commits
        model.setColour(0, QColor(10, 20, 30));
        model.toggleLocked(0);
        const Segment segment = session->document().labels().segments().segments().front();
        QCOMPARE(segment.name, std::string("海马 left"));
        QCOMPARE(segment.colour, (Colour{10, 20, 30}));
        QVERIFY(segment.locked);

        trigger("removeSegment");
        QCOMPARE(model.rowCount(), 1); // locked
        QVERIFY(!m_window->notices().texts().isEmpty());
        model.toggleLocked(0);
        trigger("removeSegment");
        QCOMPARE(model.rowCount(), 0);
    }

    void numberKeysChooseTheBrushColour()
    {
        openCase();
        trigger("addSegment");
        trigger("addSegment");
        QTest::keyClick(m_window.get(), Qt::Key_Escape);
        trigger("segment1");
        QCOMPARE(m_fixture->controller->view()->activeSegment(), SegmentNumber{1});
        trigger("segment2");
        QCOMPARE(m_fixture->controller->view()->activeSegment(), SegmentNumber{2});
        trigger("segment9"); // there is none: nothing happens
        QCOMPARE(m_fixture->controller->view()->activeSegment(), SegmentNumber{2});
    }

    void keysAreDistinct()
    {
        std::set<QString> seen;
        for (const Actions::Entry& entry : m_window->actions().entries())
            for (const QKeySequence& keys : entry.action->shortcuts())
                QVERIFY2(seen.insert(keys.toString()).second, qPrintable(keys.toString()));
    }

    void theSheetListsEveryAction()
    {
        trigger("shortcuts");
        QVERIFY(m_window->shortcutSheet());
        const QStringList shown = m_window->shortcutSheet()->shownActions();
        for (const Actions::Entry& entry : m_window->actions().entries()) {
            QVERIFY2(shown.contains(entry.id), qPrintable(entry.id));
            QVERIFY2(!keyText(entry.action).isEmpty(), qPrintable(entry.id));
        }
        QTest::keyClick(m_window->shortcutSheet(), Qt::Key_B);
        QTRY_VERIFY(!m_window->shortcutSheet());
        QCOMPARE(m_window->tools().tool(), ToolKind::Crosshair); // the key only closed the sheet
    }

    void typingInAFieldSwitchesNoTool()
    {
        openCase();
        m_window->activateWindow();
        auto* field = m_window->findChild<QLineEdit*>();
        QVERIFY(field);
        field->setFocus();
        QTest::keyClicks(field, QStringLiteral("beg"));
        QCOMPARE(m_window->tools().tool(), ToolKind::Crosshair);
        QCOMPARE(field->text(), QStringLiteral("beg"));
    }

    void droppedFoldersAreOfferedForImport()
    {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QStringLiteral("/scans/one")),
                      QUrl(QStringLiteral("https://example.org/x"))});
        QDragEnterEvent enter(QPoint(700, 450), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(700, 450), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &drop);
        auto* dialog = m_window->findChild<ImportDialog*>();
        QVERIFY(dialog);
        QCOMPARE(dialog->paths(), QStringList{QStringLiteral("/scans/one")});
        dialog->close();
    }

    void aDroppedMaskIsOfferedToTheOpenCase()
    {
        openCase();
        QTemporaryDir folder;
        const QString mask = folder.filePath(QStringLiteral("lesion.seg.nrrd")), image = folder.filePath(QStringLiteral("image.nrrd"));
        LabelMap labels(m_fixture->controller->session()->document().labels().geometry());
        labels.segments().add("lesion");
        labels.ensureLayers(1);
        labels.writableLayer(0)[0] = 1;
        QVERIFY(writeSegNrrd(mask.toStdString(), labels));
        QVERIFY(writeNrrd(image.toStdString(), m_fixture->controller->view()->volume()));
        m_window->importPaths({mask});
        QTRY_VERIFY(m_window->findChild<AttachDialog*>());
        auto* dialog = m_window->findChild<AttachDialog*>();
        QCOMPARE(dialog->path(), mask);
        delete dialog;
        m_window->importPaths({image});
        QTRY_VERIFY(m_window->findChild<ImportDialog*>());
        delete m_window->findChild<ImportDialog*>();
    }

    void theThresholdIsPreviewed()
    {
        openCase();
        ViewState* view = m_fixture->controller->view();
        QVERIFY(!view->preview());
        trigger("tool4");
        QVERIFY(view->preview());
        QVERIFY(m_window->tools().valueLimits());
        m_window->tools().setThreshold({250, 320});
        QCOMPARE(view->preview()->range.min, 250.0);
        m_window->tools().setReach(FillReach::Slice);
        view->setCursor({20, 20, 9});
        QCOMPARE(view->preview()->box.lo[2], 9);
        QCOMPARE(view->preview()->box.hi[2], 10);
        m_window->tools().setReach(FillReach::Volume);
        QCOMPARE(view->preview()->box, view->volume().geometry().bounds());
        trigger("tool1");
        QVERIFY(!view->preview());
    }

    void windowsWithACurveAreOfferedWithAndWithoutIt()
    {
        openCase();
        ViewState* view = m_fixture->controller->view();
        ImageInfo info;
        info.modality = "MG";
        const DisplayWindow table{500, 1000, "NORMAL", VoiFunction::Table, {0, 9, 255}};
        info.windows = {{500, 1000, "NORMAL"}, {500, 1000, "SOFT", VoiFunction::Sigmoid}, table};
        view->setImage(view->volume(), info);
        auto* panel = m_window->findChild<DisplayPanel*>();
        QComboBox* presets = nullptr;
        for (QComboBox* box : panel->findChildren<QComboBox*>())
            if (box->accessibleName() == "Window")
                presets = box;
        QVERIFY(presets);
        const auto choose = [&](const QString& name) { Q_EMIT presets->activated(presets->findText(name)); };
        QVERIFY(presets->findText("Header: SOFT") >= 0 && presets->findText("Without the curve") < 0); // NORMAL is that
        choose("Header: SOFT");
        QCOMPARE(view->window().function, VoiFunction::Sigmoid);
        QCOMPARE(presets->currentText(), QString("Header: SOFT"));
        panel->findChildren<NumberField*>().front()->setValue(450); // typing a number keeps the curve
        QCOMPARE(view->window().function, VoiFunction::Sigmoid);
        QCOMPARE(view->window().centre, 450.0);
        info.windows = {table};
        view->setImage(view->volume(), info);
        choose("Header: NORMAL");
        QCOMPARE(view->window(), table);
        choose("Without the curve");
        QCOMPARE(view->window(), (DisplayWindow{500, 1000, "NORMAL"}));
        QCOMPARE(presets->currentText(), QString("Without the curve"));
    }

    void theFirstWindowIsStillOfferedByAWindowBuiltAnew()
    {
        openCase();
        ViewState* view = m_fixture->controller->view();
        const DisplayWindow first = view->window();
        view->setWindow({77, 33, {}});
        m_window = std::make_unique<MainWindow>(*m_fixture->controller);
        auto* presets = m_window->findChild<DisplayPanel*>()->findChild<QComboBox*>();
        QCOMPARE(presets->currentIndex(), presets->count() - 1);
        presets->setCurrentIndex(0);
        Q_EMIT presets->activated(0);
        QCOMPARE(view->window().centre, first.centre);
        QCOMPARE(view->window().width, first.width);
    }

    void aWindowBuiltAnewShowsTheOpenCase()
    {
        openCase();
        m_window = std::make_unique<MainWindow>(*m_fixture->controller);
        m_window->resize(1400, 900);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QVERIFY(m_window->panes().isVisible());
        trigger("tool1");
        stroke(m_window->panes().slicePanes()[0]);
        QVERIFY(paintedVoxels() > 0);
    }

    void speaksChinese()
    {
        Language language;
        language.use(static_cast<int>(Language::codes().indexOf(QStringLiteral("zh_CN"))));
        const MainWindow window(*m_fixture->controller);
        QCOMPARE(window.findChild<QLabel*>(QStringLiteral("notForDiagnosis"))->text(),
                 QStringLiteral("不得用于诊断"));
        QCOMPARE(toolName(ToolKind::Brush), QStringLiteral("画笔"));
        language.use(0);
        QCOMPARE(toolName(ToolKind::Brush), QStringLiteral("Brush"));
    }

    void everyTranslationIsFinished()
    {
        QFile file(QStringLiteral(ANNOTOMY_SOURCE_DIR "/translations/annotomy_zh_CN.ts"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QXmlStreamReader xml(&file);
        QString source;
        int translations = 0;
        while (!xml.atEnd()) {
            xml.readNext();
            if (xml.isStartElement() && xml.name() == QLatin1String("name")) {
                // tr() looks a class up with its namespace: an entry without one would never be found.
                static const QStringList plain{"Errors", "Main", "Segments", "Tools", "WindowPresets"};
                const QString context = xml.readElementText();
                QVERIFY2(context.startsWith(QLatin1String("annotomy::")) || plain.contains(context),
                         qPrintable(context));
            }
            if (xml.isStartElement() && xml.name() == QLatin1String("source"))
                source = xml.readElementText();
            if (!xml.isStartElement() || xml.name() != QLatin1String("translation"))
                continue;
            QVERIFY2(xml.attributes().value(QLatin1String("type")).isEmpty(), qPrintable(source));
            const QString text = xml.readElementText();
            QVERIFY2(!text.isEmpty(), qPrintable(source));
            for (const QString& place : {QStringLiteral("%1"), QStringLiteral("%2"), QStringLiteral("%3")})
                QVERIFY2(source.contains(place) == text.contains(place), qPrintable(source));
            ++translations;
        }
        QVERIFY(!xml.hasError());
        QVERIFY(translations > 300);
    }
};

QTEST_MAIN(MainWindowTest)
#include "tst_main_window.moc"
