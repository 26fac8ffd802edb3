#include "core/io/masks/mask_file.h"
#include "core/io/plain/nifti.h"
#include "core/metrics/mask_metrics.h"
#include "tests/support/shared_data.h"

#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace annotomy;

class TestPublishedMasks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void volumesOfPyradiomics_data();
    void volumesOfPyradiomics();
    void diceOfPlastimatch();
};

void TestPublishedMasks::volumesOfPyradiomics_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<double>("mm3"); // VoxelVolume of the publisher's baseline
    QTest::newRow("brain1") << "brain1" << 16412.66;
    QTest::newRow("brain2") << "brain2" << 1797.18;
    QTest::newRow("breast1") << "breast1" << 132.43;
}

void TestPublishedMasks::volumesOfPyradiomics()
{
    QFETCH(QString, name);
    QFETCH(double, mm3);
    const auto folder = test::sharedData("A04_pyradiomics");
    if (!folder)
        QSKIP("A04_pyradiomics is not there");
    const auto labels = readMaskFile(*folder + "/" + name.toStdString() + "_label.nrrd");
    QVERIFY(labels);
    const auto metrics = compareLabelMaps(*labels, *labels, 1);
    QVERIFY(metrics);
    QCOMPARE(metrics->size(), std::size_t{1});
    QVERIFY(std::abs(metrics->front().overlap.volumeMaskMl * 1000 - mm3) < 0.01);
    QCOMPARE(*metrics->front().overlap.dice, 1.0);
}

void TestPublishedMasks::diceOfPlastimatch()
{
    const auto folder = test::sharedData("A04_pyradiomics");
    const QString plastimatch = QStandardPaths::findExecutable("plastimatch");
    if (!folder || plastimatch.isEmpty())
        QSKIP("A04_pyradiomics or plastimatch is not there");
    const auto reference = readMaskFile(*folder + "/brain1_label.nrrd");
    QVERIFY(reference);
    const VolumeGeometry& g = reference->geometry();
    LabelMap mask = *reference; // moved by two columns and a row
    const auto voxels = mask.writableLayer(0);
    const std::ptrdiff_t shift = 2 + g.size[0];
    std::shift_right(voxels.begin(), voxels.end(), shift);
    QTemporaryDir files;
    const QString a = files.filePath("a.nii.gz"), b = files.filePath("b.nii.gz");
    QVERIFY(writeNifti(a.toStdString(), flattened(*reference).volume));
    QVERIFY(writeNifti(b.toStdString(), flattened(mask).volume));
    QProcess process;
    process.start(plastimatch, {"dice", "--all", a, b});
    QVERIFY(process.waitForFinished(60000));
    const QString output = process.readAllStandardOutput();
    const auto found = QRegularExpression("DICE: *([0-9.eE+-]+)").match(output);
    QVERIFY2(found.hasMatch(), qPrintable(output));
    const auto metrics = compareLabelMaps(*reference, mask, 1);
    QVERIFY(std::abs(*metrics->front().overlap.dice - found.captured(1).toDouble()) < 1e-6);
}

QTEST_GUILESS_MAIN(TestPublishedMasks)
#include "tst_published_masks.moc"
