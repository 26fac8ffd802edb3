#include "app/desktop/main_window.h"
#include "app/desktop/pane_grid.h"
#include "app/desktop/theme.h"
#include "core/edit/brush.h"
#include "tests/app/desktop/desktop_fixture.h"
#include "viewer/surface_pane.h"

#include <QAction>
#include <QApplication>
#include <QSurfaceFormat>

using namespace annotomy;

// The window with its 3-D pane, on a display.
class SurfaceWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsWhatIsPainted()
    {
        theme::applyTo(*qApp);
        DesktopFixture fixture;
        MainWindow window(*fixture.controller);
        window.resize(1400, 900);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        const CaseId id = fixture.importCase();
        QVERIFY(id);
        QVERIFY(fixture.open(id));

        CaseSession* session = fixture.controller->session();
        const auto segment = session->addSegment("ball");
        QVERIFY(segment.has_value());
        QSignalSpy ready(window.panes().surfacePane(), &SurfacePane::sceneReady);
        EditContext context;
        context.segment = *segment;
        context.tool = "brush";
        const VolumeGeometry& geometry = session->document().labels().geometry();
        const Vec3 centre = geometry.patientFromIndex({24, 20, 16});
        QVERIFY(session->apply(sweptBall(geometry, centre, centre, 10), context).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(!ready.isEmpty(), 15000);
        QTRY_VERIFY_WITH_TIMEOUT(!window.panes().surfacePane()->busy(), 15000);

        const QColor colour = [&] {
            const Colour c = session->document().labels().segments().find(*segment)->colour;
            return QColor(c.r, c.g, c.b);
        }();
        const QImage scene = window.panes().surfacePane()->grabScene();
        const QColor middle = scene.pixelColor(scene.rect().center());
        QVERIFY2(std::abs(middle.hslHue() - colour.hslHue()) < 25, qPrintable(middle.name()));
    }
};

int main(int argc, char** argv)
{
    QSurfaceFormat format;
    format.setVersion(3, 2);
    format.setProfile(QSurfaceFormat::CoreProfile);
    QSurfaceFormat::setDefaultFormat(format);
    QApplication::setAttribute(Qt::AA_DontCreateNativeWidgetSiblings);
    QApplication application(argc, argv);
    SurfaceWindowTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_surface_window.moc"
