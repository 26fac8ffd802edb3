// The command line from outside: statuses, JSON and sentences, on tiny synthetic data with the real reader.
#include "tests/app/workbench/workbench_fixture.h"

#include "core/io/dicom/dicom_writer.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

using namespace annotomy;
using namespace annotomy::test;

class TestCli : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_files = std::make_unique<WorkbenchFixture>(); }
    void importAttachApproveExport();
    void dicomObjectsComeBack_data();
    void dicomObjectsComeBack();
    void deidentifiedMasksFollowTheirImages_data();
    void deidentifiedMasksFollowTheirImages();
    void deidentifiedFilesHaveNeutralNames();
    void reportOfAnImageWithoutSeries();
    void masksWithoutSeriesFindTheirImage();
    void maskOfAnotherImageIsTold_data();
    void maskOfAnotherImageIsTold();
    void infoDescribesMasks_data();
    void infoDescribesMasks();
    void infoTellsDicomGeometry();
    void convertKeepsVoxels();
    void convertTellsOfMissingSlices();
    void archivesAreReadLikeFolders();
    void deidentifiedSeriesIsTheSameImage();
    void compareCountsVoxels();
    void snapshotIsAPicture();
    void usageErrors_data();
    void usageErrors();
    void failures_data();
    void failures();
    void nothingToSegmentIsConfirmed();
    void progressIsTold();
    void outputThatIsNotTakenIsAFailure();
    void corruptDatabaseIsRefused();
    void workerTakesThePlaceOfTheCommand();

private:
    struct Outcome {
        int status = -1;
        QByteArray out, err;
        QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
    };
    Outcome run(const QStringList& arguments, const char* workspace = "workspace");
    QByteArray bytesOf(const QString& path) const;
    QString file(const std::string& name) const { return QString::fromStdString(m_files->path(name)); }

    std::unique_ptr<WorkbenchFixture> m_files;
};

QByteArray TestCli::bytesOf(const QString& path) const
{
    QFile opened(path);
    return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
}

TestCli::Outcome TestCli::run(const QStringList& arguments, const char* workspace)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove("XDG_RUNTIME_DIR"); // as in a container: Qt remarks on it
    process.setProcessEnvironment(environment);
    process.start(ANNOTOMY_CLI, QStringList{"--workspace", file(workspace), "--json"} + arguments);
    Outcome outcome;
    if (!process.waitForFinished(60000))
        return outcome;
    outcome.status = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
    outcome.out = process.readAllStandardOutput();
    outcome.err = process.readAllStandardError();
    return outcome;
}

void TestCli::importAttachApproveExport()
{
    QVERIFY(!m_files->writeImage(0).empty());
    const Outcome imported = run({"import", file("images")});
    QCOMPARE(imported.status, 0);
    const QJsonObject one = imported.json()["cases"].toArray().at(0).toObject();
    QCOMPARE(one["patient"].toString(), QString("patient_000"));
    QCOMPARE(one["size"].toArray().size(), 3);
    QVERIFY(one["warnings"].isArray());

    const Outcome attached = run({"attach", "patient_000", file("masks/patient_000.nii.gz"), "--segment", "core=1",
                                  "--segment", "shell=2"});
    QCOMPARE(attached.status, 0);
    QCOMPARE(attached.json()["case"].toInt(), one["id"].toInt());
    QVERIFY(attached.json()["revision"].toInt() > 0);
    const Outcome shown = run({"case", "patient_000"});
    QCOMPARE(shown.json()["segments"].toArray().at(0).toObject()["name"].toString(), QString("core"));
    QCOMPARE(run({"approve", "patient_000", "--as", "Dr Test"}).status, 0);
    QCOMPARE(run({"cases"}).json()["cases"].toArray().at(0).toObject()["state"].toString(), QString("approved"));

    for (const QString format : {"nifti", "nrrd"}) {
        const QString out = file(format == "nifti" ? "out.nii.gz" : "out.nrrd");
        QCOMPARE(run({"export", "patient_000", "--format", format, "--out", out}).status, 0);
        const Outcome compared = run({"compare", file("masks/patient_000.nii.gz"), out});
        QCOMPARE(compared.status, 0);
        const QJsonArray segments = compared.json()["segments"].toArray();
        QCOMPARE(segments.size(), 2);
        for (const QJsonValue& segment : segments) {
            QCOMPARE(segment["dice"].toDouble(), 1.0);
            QCOMPARE(segment["hdMm"].toDouble(), 0.0);
        }
    }
}

namespace {

ImageInfo dicomInfo()
{
    ImageInfo info;
    info.modality = "CT";
    info.patientName = "Nobody";
    info.patientId = "N1";
    info.studyUid = "1.2.826.0.1.3680043.2.1125.1";
    info.seriesUid = "1.2.826.0.1.3680043.2.1125.2";
    info.frameOfReferenceUid = "1.2.826.0.1.3680043.2.1125.3";
    return info;
}

} // namespace

void TestCli::dicomObjectsComeBack_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("name");
    QTest::newRow("segmentation") << "dicom-seg" << "out.dcm";
    QTest::newRow("structure set") << "rtstruct" << "out.dcm";
    QTest::newRow("report") << "dicom-sr" << "out.dcm";
    QTest::newRow("Slicer") << "seg-nrrd" << "out.seg.nrrd";
    QTest::newRow("MetaImage") << "mha" << "out.mha";
}

void TestCli::dicomObjectsComeBack()
{
    QFETCH(QString, format);
    QFETCH(QString, name);
    QVERIFY(!m_files->writeImage(0).empty()); // for its mask
    const VolumeGeometry grid = WorkbenchFixture::grid(0);
    QVERIFY(writeDicomSeries(m_files->path("series"), WorkbenchFixture::image(grid), dicomInfo()));
    QCOMPARE(run({"import", file("series")}).status, 0);
    const QString mask = file("masks/patient_000.nii.gz");
    QCOMPARE(run({"attach", "1", mask, "--segment", "Kern (größer)=1", "--segment", "殻=2"}).status, 0);
    const Outcome wrong = run({"export", "1", "--format", format, "--out", file("out.txt")});
    QCOMPARE(wrong.status, 1);
    const Outcome written = run({"export", "1", "--format", format, "--out", file(name.toStdString())});
    QVERIFY2(written.status == 0, written.err);
    const QJsonArray files = written.json()["files"].toArray();
    QCOMPARE(files.size(), format == "dicom-sr" ? 2 : 1);
    QCOMPARE(QDir(file("")).entryList({".part*"}, QDir::Files | QDir::Hidden), QStringList());
    const QString readable = files.last().toString(); // of a report: the segmentation beside it
    const Outcome compared = run({"compare", mask, readable});
    QVERIFY2(compared.status == 0, compared.err);
    for (const QJsonValue& segment : compared.json()["segments"].toArray())
        QCOMPARE(segment["dice"].toDouble(), 1.0);
    QCOMPARE(compared.json()["segments"].toArray().size(), 2);
    QCOMPARE(run({"compare", readable, mask}).status, 0);
    QStringList attaching{"attach", "1", readable};
    if (format == "mha") // which holds no names
        attaching << "--segment" << "Kern (größer)=1" << "--segment" << "殻=2";
    QCOMPARE(run(attaching).status, 0);
    const QJsonArray segments = run({"case", "1"}).json()["segments"].toArray();
    QCOMPARE(segments.size(), 2);
    QCOMPARE(segments.at(1).toObject()["name"].toString(), QString("殻"));
}

void TestCli::deidentifiedMasksFollowTheirImages_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isMask"); // an import attaches it by itself
    QTest::newRow("segmentation") << "dicom-seg" << "mask.dcm" << true;
    QTest::newRow("structure set") << "rtstruct" << "mask.dcm" << true;
    QTest::newRow("report") << "dicom-sr" << "mask.dcm" << true; // the segmentation beside it
    QTest::newRow("Slicer") << "seg-nrrd" << "mask.seg.nrrd" << false;
    QTest::newRow("NIfTI") << "nifti" << "mask.nii.gz" << false;
}

void TestCli::deidentifiedMasksFollowTheirImages()
{
    QFETCH(QString, format);
    QFETCH(QString, name);
    QFETCH(bool, isMask);
    QVERIFY(!m_files->writeImage(0).empty());
    ImageInfo info = dicomInfo();
    info.patientName = "Höfer^Annegret";
    info.patientId = "";
    QVERIFY(writeDicomSeries(m_files->path("series"), WorkbenchFixture::image(WorkbenchFixture::grid(0)), info));
    QCOMPARE(run({"import", file("series")}).status, 0);
    QCOMPARE(run({"attach", "1", file("masks/patient_000.nii.gz"), "--segment", "Annegret left=1", "--segment",
                  "Liver=2"}).status, 0);
    QDir().mkpath(file("out"));
    const Outcome written = run({"export", "1", "--format", format, "--out", file("out/" + name.toStdString()),
                                 "--deidentify"});
    QVERIFY2(written.status == 0, written.err);
    QVERIFY(written.json()["deidentified"].toBool());
    for (const QJsonValue& path : written.json()["files"].toArray()) {
        const QByteArray bytes = bytesOf(path.toString());
        QVERIFY(!bytes.isEmpty());
        for (const std::string& original : {std::string("fer^Annegret"), std::string("Annegret"), info.studyUid,
                                            info.seriesUid, info.frameOfReferenceUid})
            QVERIFY2(!bytes.contains(original.c_str()), original.c_str());
        if (path.toString().endsWith(".dcm"))
            QVERIFY(bytes.contains("113100") && bytes.contains("PS3.15 Annex E"));
    }
    QCOMPARE(QDir(file("out")).entryList(QDir::Files | QDir::Hidden).size(), written.json()["files"].toArray().size());
    const Outcome images = run({"deidentify", file("series"), "--out", file("anonymous")});
    QVERIFY2(images.status == 0, images.err);
    const Outcome imported = run({"import", file("anonymous"), file("out")}, "second");
    QVERIFY2(imported.status == 0, imported.err);
    if (!isMask)
        return;
    const QJsonArray cases = imported.json()["cases"].toArray();
    QCOMPARE(cases.size(), 1);
    const QByteArray pseudonym = cases.at(0)["patient"].toString().toUtf8();
    QVERIFY(pseudonym.startsWith("Anon-") && bytesOf(written.json()["files"].toArray().at(0).toString()).contains(pseudonym));
    const Outcome compared =
        run({"compare", file("masks/patient_000.nii.gz"), written.json()["files"].toArray().last().toString()});
    if (format != "rtstruct") { // which has no grid of its own
        QVERIFY2(compared.status == 0, compared.err);
        for (const QJsonValue& segment : compared.json()["segments"].toArray())
            QCOMPARE(segment["dice"].toDouble(), 1.0);
    }
    const QJsonArray segments = run({"case", "1"}, "second").json()["segments"].toArray();
    QCOMPARE(segments.size(), 2);
    QCOMPARE(segments.at(0).toObject()["voxels"], run({"case", "1"}).json()["segments"].toArray().at(0).toObject()["voxels"]);
}

void TestCli::deidentifiedFilesHaveNeutralNames()
{
    QVERIFY(!m_files->writeImage(0).empty());
    QVERIFY(writeDicomSeries(m_files->path("series"), WorkbenchFixture::image(WorkbenchFixture::grid(0)), dicomInfo()));
    QCOMPARE(run({"import", file("series")}).status, 0);
    QCOMPARE(run({"attach", "1", file("masks/patient_000.nii.gz")}).status, 0);
    const Outcome refused =
        run({"export", "1", "--format", "dicom-seg", "--out", file("nobody-mask.dcm"), "--deidentify"});
    QCOMPARE(refused.status, 1);
    QVERIFY2(refused.err.contains("patient's name"), refused.err);
    QVERIFY(!QFile::exists(file("nobody-mask.dcm")));
    QCOMPARE(run({"export", "1", "--format", "dicom-seg", "--out", file("a.dcm"), "--retain-uids"}).status, 2);
    const QString kept = file("b.dcm");
    QCOMPARE(run({"export", "1", "--format", "dicom-seg", "--out", kept, "--deidentify", "--retain-uids", "--key",
                  file("key")}).status, 0);
    QVERIFY(bytesOf(kept).contains(dicomInfo().studyUid.c_str()) && !bytesOf(kept).contains("Nobody"));
    QVERIFY(QFile::exists(file("key")));
}

void TestCli::reportOfAnImageWithoutSeries()
{
    QVERIFY(!m_files->writeImage(0).empty());
    QCOMPARE(run({"import", file("images")}).status, 0);
    QCOMPARE(run({"attach", "1", file("masks/patient_000.nii.gz")}).status, 0);
    const Outcome written = run({"export", "1", "--format", "dicom-sr", "--out", file("report.dcm")});
    QVERIFY2(written.status == 0, written.err);
    QVERIFY(written.out.contains("no Series Instance UID"));
    QVERIFY(bytesOf(file("report.dcm")).contains("no Series Instance UID")); // whoever opens it is to know
    QCOMPARE(run({"compare", file("masks/patient_000.nii.gz"), file("report.seg.dcm")}).status, 0);
}

// A segmentation of an image without DICOM's identities: its grid tells whose it is, where only one image has it.
void TestCli::masksWithoutSeriesFindTheirImage()
{
    QVERIFY(!m_files->writeImage(0).empty() && !m_files->writeImage(1, false).empty());
    QCOMPARE(run({"import", file("images")}).status, 0);
    QCOMPARE(run({"attach", "patient_000", file("masks/patient_000.nii.gz")}).status, 0);
    QCOMPARE(run({"export", "patient_000", "--format", "dicom-seg", "--out", file("images/x.dcm")}).status, 0);
    const auto withMask = [&](const char* workspace) {
        QStringList names;
        const Outcome imported = run({"import", file("images")}, workspace);
        for (const QJsonValue& one : imported.json()["cases"].toArray())
            if (!run({"case", one["patient"].toString()}, workspace).json()["segments"].toArray().isEmpty())
                names << one["patient"].toString();
        return names;
    };
    QCOMPARE(withMask("second"), QStringList("patient_000"));
    QVERIFY(QFile::copy(file("images/patient_000.nii.gz"), file("images/another.nii.gz")));
    QCOMPARE(withMask("third"), QStringList()); // it may be either's
    QVERIFY(QFile::rename(file("images/x.dcm"), file("images/another_seg.dcm")));
    QCOMPARE(withMask("fourth"), QStringList("another"));
}

void TestCli::maskOfAnotherImageIsTold_data()
{
    QTest::addColumn<QString>("format");
    QTest::newRow("segmentation") << "dicom-seg";
    QTest::newRow("structure set") << "rtstruct";
}

void TestCli::maskOfAnotherImageIsTold()
{
    QFETCH(QString, format);
    QVERIFY(!m_files->writeImage(0).empty()); // for its mask
    const Volume image = WorkbenchFixture::image(WorkbenchFixture::grid(0));
    ImageInfo own = dicomInfo(), sameFrame = own, otherFrame = own;
    sameFrame.patientId = "N2";
    sameFrame.seriesUid += ".2";
    otherFrame.patientId = "N3";
    otherFrame.seriesUid += ".3";
    otherFrame.frameOfReferenceUid += ".3";
    for (const ImageInfo& info : {own, sameFrame, otherFrame}) {
        QVERIFY(writeDicomSeries(m_files->path("series" + info.patientId), image, info));
        QCOMPARE(run({"import", file("series" + info.patientId)}).status, 0);
    }
    QCOMPARE(run({"attach", "1", file("masks/patient_000.nii.gz")}).status, 0);
    QCOMPARE(run({"export", "1", "--format", format, "--out", file("mask.dcm")}).status, 0);
    const auto noteOf = [&](const char* id) { return run({"attach", id, file("mask.dcm")}).json()["note"].toString(); };
    QCOMPARE(noteOf("1"), QString("attached from mask.dcm"));
    QVERIFY(noteOf("2").contains("made on another series than this image (" + QString::fromStdString(own.seriesUid) + ")"));
    const QString frame = noteOf("3"); // one sentence, of the graver difference
    QVERIFY(frame.contains("another frame of reference"));
    QCOMPARE(frame.count("\n"), 1);
}

void TestCli::infoDescribesMasks_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("name");
    QTest::newRow("segmentation") << "dicom-seg" << "mask.dcm";
    QTest::newRow("structure set") << "rtstruct" << "mask.dcm";
    QTest::newRow("Slicer") << "seg-nrrd" << "mask.seg.nrrd";
    QTest::newRow("Slicer, renamed") << "seg-nrrd" << "mask.nrrd";
}

void TestCli::infoDescribesMasks()
{
    QFETCH(QString, format);
    QFETCH(QString, name);
    QVERIFY(!m_files->writeImage(0).empty()); // for its mask
    const VolumeGeometry grid = WorkbenchFixture::grid(0);
    QVERIFY(writeDicomSeries(m_files->path("series"), WorkbenchFixture::image(grid), dicomInfo()));
    QCOMPARE(run({"import", file("series")}).status, 0);
    QCOMPARE(run({"attach", "1", file("masks/patient_000.nii.gz"), "--segment", "Liver=1", "--segment", "殻=2"}).status, 0);
    const QString exported = file(format == "seg-nrrd" ? "mask.seg.nrrd" : "mask.dcm");
    QCOMPARE(run({"export", "1", "--format", format, "--out", exported}).status, 0);
    if (exported != file(name.toStdString()))
        QVERIFY(QFile::rename(exported, file(name.toStdString())));
    const Outcome told = run({"info", file(name.toStdString())});
    QVERIFY2(told.status == 0, told.err);
    QCOMPARE(told.json()["series"].toArray().size(), 0);
    QCOMPARE(told.json()["masks"].toArray().size(), 1);
    const QJsonObject mask = told.json()["masks"].toArray().at(0).toObject();
    QCOMPARE(mask["format"].toString(), format);
    const QJsonArray segments = mask["segments"].toArray();
    QCOMPARE(segments.size(), 2);
    QCOMPARE(segments.at(1).toObject()["name"].toString(), QString("殻"));
    const QJsonObject liver = segments.at(0).toObject();
    QCOMPARE(liver["name"].toString(), QString("Liver"));
    if (format == "seg-nrrd") {
        QCOMPARE(mask["geometry"].toObject()["size"].toArray().at(0).toInt(), grid.size[0]);
        return;
    }
    QCOMPARE(liver["type"].toObject()["value"].toString(), QString("10200004"));
    QCOMPARE(mask["patientName"].toString(), QString("Nobody"));
    QCOMPARE(mask["referencedSeriesUid"].toString(), QString::fromStdString(dicomInfo().seriesUid));
    QCOMPARE(mask["frameOfReferenceUids"].toArray().at(0).toString(), QString::fromStdString(dicomInfo().frameOfReferenceUid));
    const char* pieces = format == "rtstruct" ? "contours" : "frames";
    QVERIFY(liver[pieces].toInt() > 0);
    QCOMPARE(mask[pieces].toInt(), liver[pieces].toInt() + segments.at(1).toObject()[pieces].toInt());
    QCOMPARE(mask["geometry"].isNull(), format == "rtstruct");
    QCOMPARE(run({"import", file("mask.dcm")}).status, 1); // it stays no image
}

void TestCli::infoTellsDicomGeometry()
{
    const VolumeGeometry grid = WorkbenchFixture::grid(0);
    QVERIFY(writeDicomSeries(m_files->path("images"), WorkbenchFixture::image(grid), dicomInfo()));
    const Outcome told = run({"info", file("images")});
    QVERIFY2(told.status == 0, told.err);
    const QJsonObject series = told.json()["series"].toArray().at(0).toObject();
    QCOMPARE(series["modality"].toString(), QString("CT"));
    for (int a = 0; a < 3; ++a) {
        const auto n = static_cast<std::size_t>(a);
        QCOMPARE(series["size"].toArray().at(a).toInt(), grid.size[n]);
        QVERIFY(std::abs(series["spacing"].toArray().at(a).toDouble() - grid.spacing[n]) < 1e-4);
        QVERIFY(std::abs(series["origin"].toArray().at(a).toDouble() - grid.origin[n]) < 1e-4);
        for (int c = 0; c < 3; ++c) // three numbers an axis: the unit vector of i, of j, of k
            QVERIFY(std::abs(series["direction"].toArray().at(3 * a + c).toDouble()
                             - grid.axis(a)[static_cast<std::size_t>(c)]) < 1e-5);
    }
}

void TestCli::archivesAreReadLikeFolders()
{
    const VolumeGeometry grid = WorkbenchFixture::grid(0);
    QVERIFY(writeDicomSeries(m_files->path("images"), WorkbenchFixture::image(grid), dicomInfo()));
    QProcess zip; // CMake's archiver: no further program is needed
    zip.setWorkingDirectory(file("images"));
    zip.start("cmake", {"-E", "tar", "cf", file("study.zip"), "--format=zip", "."});
    QVERIFY(zip.waitForFinished() && zip.exitCode() == 0);
    const Outcome told = run({"info", file("study.zip")});
    QVERIFY2(told.status == 0, told.err);
    QCOMPARE(told.json()["series"].toArray().size(), 1);
    QCOMPARE(run({"convert", file("study.zip"), file("fromzip.nrrd")}).status, 0);
    const Outcome imported = run({"import", file("study.zip")});
    QVERIFY2(imported.status == 0, imported.err);
    QVERIFY(QFile::remove(file("study.zip"))); // what was imported does not need it any more
    QCOMPARE(run({"import", file("workspace/archives")}).json()["cases"].toArray().at(0).toObject()["isNew"].toBool(), false);
}

void TestCli::deidentifiedSeriesIsTheSameImage()
{
    const VolumeGeometry grid = WorkbenchFixture::grid(0);
    QVERIFY(writeDicomSeries(m_files->path("images"), WorkbenchFixture::image(grid), dicomInfo()));
    const Outcome done = run({"deidentify", file("images"), "--out", file("anon")});
    QVERIFY2(done.status == 0, done.err);
    QCOMPARE(done.json()["files"].toInt(), grid.size[2]);
    QVERIFY(QFile::exists(file("workspace/deidentification.key")));
    QFile report(file("anon/deidentification.json"));
    QVERIFY(report.open(QIODevice::ReadOnly));
    QVERIFY(!report.readAll().contains("Nobody"));
    QCOMPARE(run({"convert", file("images"), file("before.nrrd")}).status, 0);
    QCOMPARE(run({"convert", file("anon"), file("after.nrrd")}).status, 0);
    QFile before(file("before.nrrd")), after(file("after.nrrd"));
    QVERIFY(before.open(QIODevice::ReadOnly) && after.open(QIODevice::ReadOnly));
    QCOMPARE(after.readAll(), before.readAll());
    QCOMPARE(run({"deidentify", file("images"), "--out", file("anon")}).status, 1); // no longer empty
    QCOMPARE(run({"deidentify", file("images"), "--out", file("images/anon")}).status, 1);
}

void TestCli::convertKeepsVoxels()
{
    QVERIFY(!m_files->writeImage(0).empty());
    QCOMPARE(run({"convert", file("images"), file("out.nrrd")}).status, 0);
    const auto scan = scanPaths({m_files->path("out.nrrd")});
    QVERIFY(scan);
    const auto volume = readSeries(scan->series.front());
    const Volume expected = WorkbenchFixture::image(WorkbenchFixture::grid(0));
    QVERIFY(volume && sameGrid(volume->geometry(), expected.geometry()));
    for (std::size_t n = 0; n < expected.geometry().voxelCount(); ++n) {
        const Index3 index = expected.geometry().indexAt(n);
        QCOMPARE(volume->valueAt(index), expected.valueAt(index));
    }
    QCOMPARE(run({"convert", file("images"), file("out.png")}).status, 1);
}

void TestCli::convertTellsOfMissingSlices()
{
    VolumeGeometry grid;
    grid.size = {40, 40, 12};
    grid.spacing = {1, 1, 2};
    const Volume image = Volume::fromVoxels(grid, std::vector<std::int16_t>(grid.voxelCount(), 7));
    QVERIFY(writeDicomSeries(m_files->path("images"), image, dicomInfo()));
    const auto codes = [&] {
        const Outcome converted = run({"convert", file("images"), file("out.nii")});
        QStringList all;
        for (const QJsonValue warning : converted.json()["warnings"].toArray())
            all << warning.toObject()["code"].toString();
        return all;
    };
    std::filesystem::resize_file(m_files->path("images/slice_0006.dcm"), 2000);
    QCOMPARE(codes(), QStringList{"damagedSlice"});
    std::filesystem::remove(m_files->path("images/slice_0006.dcm"));
    QCOMPARE(codes(), QStringList{"missingSlice"});
}

void TestCli::compareCountsVoxels()
{
    VolumeGeometry grid;
    grid.size = {4, 1, 1};
    grid.spacing = {1, 2, 5};
    QVERIFY(writeNifti(m_files->path("a.nii"), Volume::fromVoxels(grid, std::vector<std::int16_t>{1, 1, 0, 0})));
    QVERIFY(writeNifti(m_files->path("b.nii"), Volume::fromVoxels(grid, std::vector<std::int16_t>{0, 1, 1, 3})));
    const Outcome compared = run({"compare", file("a.nii"), file("b.nii")});
    QVERIFY2(compared.status == 0, compared.err);
    const QJsonArray segments = compared.json()["segments"].toArray();
    QCOMPARE(segments.size(), 2);
    const QJsonObject first = segments.at(0).toObject(), second = segments.at(1).toObject();
    QCOMPARE(first["value"].toInt(), 1);
    QCOMPARE(first["tp"].toInt(), 1);
    QCOMPARE(first["fp"].toInt(), 1);
    QCOMPARE(first["fn"].toInt(), 1);
    QCOMPARE(first["tn"].toInt(), 1);
    QCOMPARE(first["dice"].toDouble(), 0.5);
    QVERIFY(std::abs(first["volumeReferenceMl"].toDouble() - 0.02) < 1e-9);
    QCOMPARE(second["value"].toInt(), 3);
    QVERIFY(second["recall"].isNull() && second["hdMm"].isNull()); // no such voxel in the reference
}

void TestCli::snapshotIsAPicture()
{
    QVERIFY(!m_files->writeImage(0).empty());
    QCOMPARE(run({"import", file("images")}).status, 0);
    const Outcome drawn = run({"snapshot", "1", "--out", file("shot.png"), "--layout", "axial", "--size", "320x240"});
    QVERIFY2(drawn.status == 0, drawn.err);
    QFile picture(file("shot.png"));
    QVERIFY(picture.open(QIODevice::ReadOnly));
    QVERIFY(picture.read(8).startsWith("\x89PNG"));
    QVERIFY2(!drawn.err.contains("QStandardPaths"), drawn.err);
    const Outcome outside = run({"snapshot", "1", "--out", file("shot.png"), "--at", "0,0,999"});
    QCOMPARE(outside.status, 1);
    QVERIFY2(outside.err.contains("outside the image"), outside.err);
}

void TestCli::usageErrors_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("no such command") << QStringList{"no-such-command"};
    QTest::newRow("no case") << QStringList{"approve", "--as", "Dr Test"};
    QTest::newRow("no name") << QStringList{"approve", "1"};
    QTest::newRow("format") << QStringList{"export", "1", "--format", "tiff", "--out", "x"};
    QTest::newRow("segment") << QStringList{"attach", "1", "m.nii", "--segment", "core"};
    QTest::newRow("recipe") << QStringList{"train", "--recipe", "secret"};
    QTest::newRow("pool") << QStringList{"evaluate", "--pool", "train", "--out", "x"};
    QTest::newRow("strategy") << QStringList{"rank", "--strategy", "oracle"};
    QTest::newRow("count") << QStringList{"rank", "--count", "0"};
    QTest::newRow("memory") << QStringList{"plan", "--memory", "0"};
    QTest::newRow("more cases") << QStringList{"learning-curve", "--more", "0"};
    QTest::newRow("empty or not") << QStringList{"approve", "1", "--as", "X", "--empty", "--revision", "1"};
    QTest::newRow("tolerance") << QStringList{"compare", "a.nii", "b.nii", "--tolerance", "nan"};
    QTest::newRow("size") << QStringList{"snapshot", "1", "--out", "x.png", "--size", "big"};
}

void TestCli::usageErrors()
{
    QFETCH(QStringList, arguments);
    const Outcome outcome = run(arguments);
    QCOMPARE(outcome.status, 2);
    QVERIFY(outcome.out.isEmpty() && !outcome.err.isEmpty());
}

void TestCli::failures_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("subject"); // what the sentence names
    QTest::newRow("empty folder") << "import {empty}" << "{empty}";
    QTest::newRow("missing folder") << "import {nowhere}" << "{nowhere}";
    QTest::newRow("text file") << "info {note.txt}" << "{note.txt}";
    QTest::newRow("truncated DICOM") << "info {cut.dcm}" << "{cut.dcm}";
    QTest::newRow("unknown case") << "case nobody" << "nobody";
    QTest::newRow("unknown model") << "propose 1 --model 7" << "7";
    QTest::newRow("no model") << "propose 1" << "model";
    QTest::newRow("no model to explain") << "explain 1 --segment Liver --out {o.nii}" << "model";
    QTest::newRow("a map of no format") << "explain 1 --segment Liver --out {o.bmp}" << "{o.bmp}";
    QTest::newRow("nothing approved") << "train --minutes 1" << "approve";
    QTest::newRow("nothing to plan for") << "plan --minutes 1" << "approve";
    QTest::newRow("nothing to evaluate") << "evaluate --pool test --out {report}" << "model";
    QTest::newRow("nothing to rank by") << "rank --strategy entropy" << "model";
    QTest::newRow("no such fold") << "train --fold 6/5" << "fold";
    QTest::newRow("memory without a plan") << "train --memory 2" << "memory";
    QTest::newRow("a fold in words") << "train --fold last" << "fold";
    QTest::newRow("mask of another geometry") << "attach 1 {masks/patient_001.nii.gz}" << "patient_001";
    QTest::newRow("nothing to approve") << "approve 1 --as X" << "patient_000";
    QTest::newRow("convert to something else") << "convert {images} {o.bmp}" << "{o.bmp}";
    QTest::newRow("no mask") << "export 1 --format nifti --out {o.nii}" << "patient_000";
    QTest::newRow("unknown revision") << "approve 1 --as X --revision 99" << "99";
}

void TestCli::failures()
{
    QFETCH(QString, command);
    QFETCH(QString, subject);
    QVERIFY(!m_files->writeImage(0).empty());
    QCOMPARE(run({"import", file("images")}).status, 0);
    QVERIFY(!m_files->writeImage(1).empty());
    std::filesystem::create_directories(m_files->path("empty"));
    WorkbenchFixture::writeText(m_files->path("note.txt"), "just a note");
    QVERIFY(writeDicomSeries(m_files->path("dicom"), WorkbenchFixture::image(WorkbenchFixture::grid(0)), dicomInfo()));
    std::filesystem::copy_file(m_files->path("dicom/slice_0001.dcm"), m_files->path("cut.dcm"));
    std::filesystem::resize_file(m_files->path("cut.dcm"), 200);

    const auto filled = [&](QString text) {
        static const QRegularExpression braces("\\{([^}]*)\\}");
        for (auto match = braces.match(text); match.hasMatch(); match = braces.match(text))
            text.replace(match.captured(0), file(match.captured(1).toStdString()));
        return text;
    };
    QStringList arguments;
    for (const QString& word : command.split(' '))
        arguments << filled(word);
    const Outcome outcome = run(arguments);
    QVERIFY2(outcome.status == 1, outcome.err);
    QVERIFY(outcome.out.isEmpty());
    const QByteArray last = outcome.err.trimmed().split('\n').last();
    QVERIFY2(last.endsWith('.') && last.contains(filled(subject).toUtf8()), outcome.err);
    QCOMPARE(run({"cases"}).json()["cases"].toArray().size(), 1); // nothing lost
}

void TestCli::nothingToSegmentIsConfirmed()
{
    QVERIFY(!m_files->writeImage(0).empty());
    QCOMPARE(run({"import", file("images")}).status, 0);
    const Outcome approved = run({"approve", "1", "--as", "Dr Test", "--empty"});
    QVERIFY2(approved.status == 0, approved.err);
    QVERIFY(approved.json()["revision"].toInt() > 0);
    QCOMPARE(run({"case", "1"}).json()["state"].toString(), QString("approved"));
}

void TestCli::progressIsTold()
{
    QVERIFY(!m_files->writeImage(0).empty());
    QCOMPARE(run({"import", file("images"), "--masks", file("masks")}).status, 0);
    QCOMPARE(run({"approve", "patient_000", "--as", "Dr Test"}).status, 0);
    const Outcome curve = run({"learning-curve", "--out", file("curve.svg")});
    QCOMPARE(curve.status, 0);
    QCOMPARE(curve.json()["missingPoints"].toInt(), 4);
    QVERIFY(curve.json()["fit"].isNull() && curve.json()["advice"].isNull());
    QVERIFY(bytesOf(file("curve.svg")).startsWith("<svg "));
    const Outcome cost = run({"correction-cost", "--out", file("cost.html")});
    QCOMPARE(cost.status, 0);
    const QJsonArray cases = cost.json()["cases"].toArray();
    QCOMPARE(cases.size(), 1);
    QCOMPARE(cases[0].toObject()["start"].toString(), QString("elsewhere"));
    QVERIFY(cost.json()["models"].toArray().isEmpty());
    QVERIFY(bytesOf(file("cost.html")).startsWith("<!DOCTYPE html>"));
}

void TestCli::outputThatIsNotTakenIsAFailure()
{
    QProcess process;
    process.setStandardOutputFile("/dev/full");
    process.start(ANNOTOMY_CLI, {"--workspace", file("workspace"), "cases"});
    QVERIFY(process.waitForFinished(60000));
    QCOMPARE(process.exitCode(), 1);
}

void TestCli::corruptDatabaseIsRefused()
{
    QCOMPARE(run({"cases"}).status, 0);
    WorkbenchFixture::writeText(m_files->workspaceFolder() + "/annotomy.db", std::string(9000, 'x'));
    const Outcome outcome = run({"cases"});
    QCOMPARE(outcome.status, 1);
    QVERIFY2(outcome.err.contains("damaged"), outcome.err);
}

void TestCli::workerTakesThePlaceOfTheCommand()
{
    const Outcome told = run({"worker", "--rank", "2", "--world", "2"});
    QCOMPARE(told.status, 2);
    QVERIFY(told.err.contains("--rank 2: give a number from 0 to 1"));
    QVERIFY(!QFile::exists(file("workspace"))); // none is opened
}

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
