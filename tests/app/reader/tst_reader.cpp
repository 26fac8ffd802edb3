#include "core/io/dicom/dicom_writer.h"
#include "core/io/plain/nifti.h"
#include "core/io/reader_messages.h"
#include "core/io/volume_file.h"
#include "tests/core/io/overlay_text.h"
#include "tests/support/random_grid.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <filesystem>

using namespace annotomy;
using namespace annotomy::test;

namespace {

// annotomy-reader as the workbench runs it.
class RunningReader {
public:
    RunningReader()
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(ANNOTOMY_READER, QStringList());
        m_process.waitForStarted();
    }
    ~RunningReader() { close(); }

    void send(const std::string& line)
    {
        m_process.write(QByteArray::fromStdString(line + "\n"));
        m_process.waitForBytesWritten();
    }
    // The next event that is not a progress.
    Result<ReaderEvent> answer()
    {
        while (m_process.canReadLine() || m_process.waitForReadyRead(20000)) {
            if (!m_process.canReadLine())
                continue;
            auto event = readerEventFromJson(m_process.readLine().toStdString());
            if (!event || !std::holds_alternative<ReaderProgress>(*event))
                return event;
        }
        return Error{ErrorCode::ReaderDied, {}, "no answer"};
    }
    Result<ReaderEvent> ask(const ReaderRequest& request)
    {
        send(toJsonLine(request));
        return answer();
    }
    bool close()
    {
        m_process.closeWriteChannel();
        return m_process.waitForFinished(5000) && m_process.exitStatus() == QProcess::NormalExit;
    }
    QProcess& process() { return m_process; }

private:
    QProcess m_process;
};

bool isDone(const Result<ReaderEvent>& event)
{
    return event && std::holds_alternative<ReaderDone>(*event);
}

ErrorCode failure(const Result<ReaderEvent>& event)
{
    const auto* failed = event ? std::get_if<ReaderFailed>(&*event) : nullptr;
    return failed ? failed->error.code : ErrorCode::ReaderDied;
}

} // namespace

class TestReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void scansAndDecodes();
    void failuresAreAnswersAndTheReaderGoesOn();
    void readsMasks();
    void readsOverlays();
    void cancelStopsARequest();
    void messagesSurviveJson();
    void endsWhenItsInputCloses();
    void crashNamesTheFile();
};

void TestReader::scansAndDecodes()
{
    std::mt19937 random(41);
    const QTemporaryDir folder, out;
    const Volume volume = randomVolume<std::int16_t>(random, randomGrid(random, {9, 8, 7}), {1, -1024});
    ImageInfo info;
    info.modality = "CT";
    info.studyUid = "1.2.3";
    info.seriesUid = "1.2.3.4";
    QVERIFY(writeDicomSeries(folder.path().toStdString(), volume, info));
    const std::string report = out.filePath("scan.json").toStdString(),
                      cache = out.filePath("v.avol").toStdString();
    RunningReader reader;
    QVERIFY(isDone(reader.ask(ScanRequest{{folder.path().toStdString()}, report})));
    std::vector<SeriesEntry> series;
    ScanSink sink;
    sink.series = [&series](SeriesEntry entry) { return series.push_back(std::move(entry)), Result<void>(); };
    const auto totals = readScanLines(report, sink);
    QVERIFY(totals && series.size() == 1);
    QCOMPARE(totals->filesInSeries, totals->filesSeen);
    QVERIFY(isDone(reader.ask(DecodeRequest{series[0], cache})));
    const auto mapped = mapVolumeFile(cache);
    QVERIFY(mapped && sameBytes(*mapped, volume));
    QVERIFY(sameGrid(mapped->geometry(), volume.geometry()));
    QCOMPARE(mapped->rescale(), volume.rescale());
    std::filesystem::resize_file(series[0].files[3], std::filesystem::file_size(series[0].files[3]) - 10);
    const auto event = reader.ask(DecodeRequest{series[0], cache});
    QVERIFY(isDone(event));
    const std::vector<Warning> warnings = std::get<ReaderDone>(*event).warnings;
    QVERIFY(warnings.size() == 1 && warnings[0].code == damagedSliceCode);
    QCOMPARE(warnings[0].files, std::vector<std::string>{series[0].files[3]});
}

void TestReader::failuresAreAnswersAndTheReaderGoesOn()
{
    const QTemporaryDir folder;
    const std::string out = folder.filePath("out").toStdString();
    RunningReader reader;
    QCOMPARE(failure(reader.ask(ScanRequest{{folder.filePath("none").toStdString()}, out})),
             ErrorCode::NotFound);
    QCOMPARE(failure(reader.ask(ScanRequest{{folder.path().toStdString()}, out})), ErrorCode::EmptyFolder);
    reader.send("{\"type\":");
    QCOMPARE(failure(reader.answer()), ErrorCode::Malformed);
    reader.send(cancelJsonLine()); // nothing to cancel: no answer
    QCOMPARE(failure(reader.ask(ReadMaskRequest{folder.filePath("none").toStdString(), false, {}, {}, out})),
             ErrorCode::NotFound);
}

void TestReader::readsMasks()
{
    const QTemporaryDir folder;
    const std::string mask = folder.filePath("mask.nii.gz").toStdString(),
                      out = folder.filePath("labels").toStdString();
    VolumeGeometry grid;
    grid.size = {3, 2, 1};
    QVERIFY(writeNifti(mask, Volume::fromVoxels(grid, std::vector<std::uint8_t>{0, 4, 4, 0, 9, 0})));
    RunningReader reader;
    QVERIFY(isDone(reader.ask(ReadMaskRequest{mask, true, grid, {{4, "liver"}}, out})));
    const auto labels = readLabelFile(out);
    QVERIFY(labels.has_value());
    QCOMPARE(labels->segments().find(4)->name, std::string("liver"));
    QCOMPARE(voxelCounts(*labels)[4], 2);
    grid.origin[0] += 1;
    QCOMPARE(failure(reader.ask(ReadMaskRequest{mask, true, grid, {}, out})), ErrorCode::GeometryMismatch);
}

void TestReader::readsOverlays()
{
    DicomFolder images;
    DicomFileText text = imageText("CT", "1.2.3", 1, 3, 3, std::vector<std::int16_t>(9));
    place(text, {0, 0, 0}, {1, 0, 0}, {0, 1, 0}, 1, 1);
    overlay(text, 0, {"##"}, 3, 3); // one of them beside the image
    images.add(text);
    const auto scan = scanPaths({images.path()});
    QVERIFY(scan && scan->series.size() == 1);
    const QTemporaryDir folder;
    const std::string out = folder.filePath("labels").toStdString();
    RunningReader reader;
    const auto answer = reader.ask(ReadOverlaysRequest{scan->series.front(), out});
    QVERIFY(isDone(answer));
    QCOMPARE(std::get<ReaderDone>(*answer).notes.size(), std::size_t{1});
    const auto labels = readLabelFile(out);
    QVERIFY(labels.has_value());
    QCOMPARE(voxelCounts(*labels)[1], 1);
    QCOMPARE(labels->labelAt(0, {2, 2, 0}), labels->segments().findByName("Overlay 1")->number);
}

void TestReader::cancelStopsARequest()
{
    std::mt19937 random(42);
    const QTemporaryDir folder;
    const std::string path = folder.filePath("large.nii.gz").toStdString(),
                      out = folder.filePath("v.avol").toStdString();
    QVERIFY(writeNifti(path, randomVolume<std::int16_t>(random, randomGrid(random, {256, 256, 100}))));
    const auto entry = scanNifti(path);
    QVERIFY(entry.has_value());
    RunningReader reader;
    reader.send(toJsonLine(ReaderRequest(DecodeRequest{*entry, out})) + "\n" + cancelJsonLine());
    QCOMPARE(failure(reader.answer()), ErrorCode::Cancelled);
    QVERIFY(!std::filesystem::exists(out));
    QVERIFY(isDone(reader.ask(DecodeRequest{*entry, out})));
}

void TestReader::messagesSurviveJson()
{
    const ReaderEvent event = ReaderFile{"/a \"strange\"\nname"};
    const auto back = readerEventFromJson(toJsonLine(event));
    QVERIFY(back.has_value());
    QCOMPARE(std::get<ReaderFile>(*back).path, std::get<ReaderFile>(event).path);
    const ReadMaskRequest asked{"m.dcm", false, {}, {}, "out", {"1.2", "1.3", {"a.dcm", "b.dcm"}}};
    const auto request = readerRequestFromJson(toJsonLine(ReaderRequest(asked)));
    QVERIFY(request.has_value());
    QCOMPARE(std::get<ReadMaskRequest>(*request).image, asked.image);
    QVERIFY(!readerEventFromJson("{}"));
    QVERIFY(!readerRequestFromJson("[]"));
    QVERIFY(isCancelJsonLine(cancelJsonLine()));
    QVERIFY(!isCancelJsonLine("cancel"));
}

void TestReader::endsWhenItsInputCloses()
{
    RunningReader reader;
    QVERIFY(reader.close());
    QCOMPARE(reader.process().exitCode(), 0);
}

// No file is known that still kills the reader, so a signal does, at its first sign of work. On a busy machine the
// signal may come when the work is done already; then another reader is tried.
void TestReader::crashNamesTheFile()
{
    std::mt19937 random(43);
    const QTemporaryDir folder;
    const std::string path = folder.filePath("a \"quoted\" name.nii.gz").toStdString();
    QVERIFY(writeNifti(path, randomVolume<std::int16_t>(random, randomGrid(random, {256, 256, 160}))));
    const auto entry = scanNifti(path);
    QVERIFY(entry.has_value());
    const std::string request =
        toJsonLine(ReaderRequest(DecodeRequest{*entry, folder.filePath("v.avol").toStdString()}));
    for (int attempt = 0; attempt < 20; ++attempt) {
        RunningReader reader;
        reader.send(request);
        QVERIFY(reader.process().waitForReadyRead(20000));
        ::kill(static_cast<pid_t>(reader.process().processId()), SIGABRT);
        const auto event = reader.answer();
        if (isDone(event))
            continue;
        reader.process().waitForFinished(5000);
        QCOMPARE(reader.process().exitStatus(), QProcess::CrashExit);
        QVERIFY(event && std::holds_alternative<ReaderFile>(*event));
        QCOMPARE(std::get<ReaderFile>(*event).path, path);
        return;
    }
    QFAIL("every reader was done before the signal reached it");
}
QTEST_GUILESS_MAIN(TestReader)
#include "tst_reader.moc"
