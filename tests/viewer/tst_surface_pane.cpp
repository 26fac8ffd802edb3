#include "viewer/surface_pane.h"

#include "tests/viewer/viewer_phantom.h"

#include <QApplication>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

using namespace annotomy;
using namespace annotomy::testing;

namespace {

// A ball of segment 1 (red) in the middle and nothing else.
LabelMap redBall(const VolumeGeometry& g, double radius)
{
    LabelMap labels(g);
    Segment segment;
    segment.number = 1;
    segment.name = "Ball";
    segment.colour = {230, 30, 30};
    labels.segments().insert(segment);
    labels.ensureLayers(1);
    const auto voxels = labels.writableLayer(0);
    for (std::size_t n = 0; n < voxels.size(); ++n) {
        const Index3 i = g.indexAt(n);
        voxels[n] = length(g.patientFromIndex({double(i[0]), double(i[1]), double(i[2])}) - gridCentre(g)) < radius;
    }
    return labels;
}

bool isRed(QRgb pixel)
{
    return qRed(pixel) > 90 && qRed(pixel) > 3 * qGreen(pixel) && qRed(pixel) > 3 * qBlue(pixel);
}

int redPixels(const QImage& image)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += isRed(image.pixel(x, y));
    return count;
}

} // namespace

class TestSurfacePane : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(".*"));
        m_state = std::make_unique<ViewState>();
        m_state->setImage(markerVolume(plainGrid()), {});
        m_labels = redBall(plainGrid(), 15);
        m_state->setLabels(&m_labels);
        m_pane = std::make_unique<SurfacePane>(m_state.get());
        m_pane->resize(400, 400);
    }

    void showsTheSegments();
    void followsResizing();
    void followsEdits();
    void followsColourAndVisibility();
    void mouseMovesTheCamera();
    void surrendersWhenDestroyedWhileBusy();
    void saysWhenThereIsNoOpenGl();

private:
    bool ready()
    {
        QSignalSpy spy(m_pane.get(), &SurfacePane::sceneReady);
        m_pane->show();
        return QTest::qWaitForWindowExposed(m_pane.get()) && (spy.count() > 0 || spy.wait(10000));
    }

    static bool hasGl() { return QGuiApplication::platformName() == QLatin1String("xcb"); }

    std::unique_ptr<ViewState> m_state;
    LabelMap m_labels;
    std::unique_ptr<SurfacePane> m_pane;
};

void TestSurfacePane::showsTheSegments()
{
    if (!hasGl())
        QSKIP("needs OpenGL");
    QVERIFY(ready());
    const QImage image = m_pane->grabScene();
    QVERIFY(isRed(image.pixel(image.width() / 2, image.height() / 2)));
    QVERIFY(redPixels(image) > image.width() * image.height() / 20);
    QVERIFY(!isRed(image.pixel(3, 3)));
    QVERIFY(!m_pane->busy());
}

void TestSurfacePane::followsResizing()
{
    if (!hasGl())
        QSKIP("needs OpenGL");
    QVERIFY(ready());
    m_pane->resize(640, 300);
    QImage image;
    const auto isShown = [&] {
        image = m_pane->grabScene();
        return image.width() == 640 && isRed(image.pixel(320, image.height() / 2));
    };
    QTRY_VERIFY(isShown());
    // Still round: as many red pixels across as down.
    int across = 0, down = 0;
    for (int x = 0; x < image.width(); ++x)
        across += isRed(image.pixel(x, image.height() / 2));
    for (int y = 0; y < image.height(); ++y)
        down += isRed(image.pixel(320, y));
    QVERIFY2(std::abs(across - down) <= 0.08 * down, qPrintable(QString("%1 %2").arg(across).arg(down)));
}

void TestSurfacePane::followsEdits()
{
    if (!hasGl())
        QSKIP("needs OpenGL");
    QVERIFY(ready());
    const int before = redPixels(m_pane->grabScene());
    const LabelMap small = redBall(plainGrid(), 8);
    std::ranges::copy(small.layer(0), m_labels.writableLayer(0).begin());
    QSignalSpy spy(m_pane.get(), &SurfacePane::sceneReady);
    m_state->notifyLabelsChanged(plainGrid().bounds());
    QVERIFY(m_pane->busy());
    QVERIFY(spy.wait(10000));
    const int after = redPixels(m_pane->grabScene());
    QVERIFY2(after < before / 2 && after > before / 8, qPrintable(QString("%1 %2").arg(before).arg(after)));

    std::ranges::fill(m_labels.writableLayer(0), std::uint8_t{0});
    m_state->notifyLabelsChanged(plainGrid().bounds());
    QVERIFY(spy.wait(10000));
    QCOMPARE(redPixels(m_pane->grabScene()), 0);
}

void TestSurfacePane::followsColourAndVisibility()
{
    if (!hasGl())
        QSKIP("needs OpenGL");
    QVERIFY(ready());
    Segment segment = m_labels.segments().segments().front();
    segment.colour = {20, 220, 40};
    m_labels.segments().update(segment);
    m_state->notifySegmentsChanged();
    QImage image = m_pane->grabScene();
    QVERIFY(qGreen(image.pixel(image.width() / 2, image.height() / 2)) > 100);
    segment.visible = false;
    m_labels.segments().update(segment);
    m_state->notifySegmentsChanged();
    image = m_pane->grabScene();
    QVERIFY(qGreen(image.pixel(image.width() / 2, image.height() / 2)) < 40);
}

void TestSurfacePane::mouseMovesTheCamera()
{
    if (!hasGl())
        QSKIP("needs OpenGL");
    QVERIFY(ready());
    const QImage before = m_pane->grabScene();
    QWindow* window = nullptr;
    for (QWindow* candidate : QGuiApplication::allWindows())
        if (candidate->surfaceType() == QSurface::OpenGLSurface && candidate->isVisible())
            window = candidate;
    QVERIFY(window);
    QTest::mousePress(window, Qt::MiddleButton, {}, {100, 100});
    QTest::mouseMove(window, {160, 100});
    QTest::mouseRelease(window, Qt::MiddleButton, {}, {160, 100});
    const QImage panned = m_pane->grabScene();
    QVERIFY(panned != before);
    // The ball follows the hand, by as much.
    int shift = 0;
    for (int x = 0; x < panned.width(); ++x)
        shift += isRed(panned.pixel(x, panned.height() / 2)) * x - isRed(before.pixel(x, before.height() / 2)) * x;
    QVERIFY(shift > 0);
    m_pane->resetCamera();
    QCOMPARE(m_pane->grabScene(), before);
}

void TestSurfacePane::surrendersWhenDestroyedWhileBusy()
{
    m_pane->show();
    QTest::qWait(20);
    m_pane.reset();
    m_state->notifyLabelsChanged(plainGrid().bounds());
}

void TestSurfacePane::saysWhenThereIsNoOpenGl()
{
    if (hasGl())
        QSKIP("OpenGL is here");
    m_pane->show();
    QTest::qWait(50);
    QVERIFY(!m_pane->busy());
    QCOMPARE(m_pane->grabScene().size(), QSize(400, 400));
    QCOMPARE(redPixels(m_pane->grabScene()), 0);
}

QTEST_MAIN(TestSurfacePane)
#include "tst_surface_pane.moc"
