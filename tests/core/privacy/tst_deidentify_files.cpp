#include "core/privacy/deidentification.h"
#include "dicom_samples.h"

#include <QTest>

#include <filesystem>

using namespace annotomy;
using namespace annotomy::test;
namespace fs = std::filesystem;

namespace {

const IdentityMap identities("another secret");

std::size_t filesBelow(const std::string& folder)
{
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        count += entry.is_regular_file();
    return count;
}

} // namespace

class TstDeidentifyFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aListBecomesATreeByNewNames();
    void oneBadFileDoesNotStopTheOthers();
    void reportsTellNoSources();
    void nothingToDoIsAnError();
    void cancelledWorkSaysSo();
};

void TstDeidentifyFiles::aListBecomesATreeByNewNames()
{
    const Files files;
    fs::create_directories(files.path("in/deep"));
    for (int i = 0; i < 5; ++i) {
        ElementTree tree = ctSlice();
        tree[0x00080018] =
            text("UI", "1.2.3.4.5." + std::to_string(100 + i % 4)); // the last repeats the first
        files.write("in/deep/" + std::to_string(i), tree);
    }
    files.write("in/notes.txt", std::string("John Smith"));
    const auto report =
        deidentifyFiles({files.path("in"), files.path("in/deep/0")}, files.path("out"), identities);
    QVERIFY(report);
    QCOMPARE(report->files.size(), std::size_t{5});
    QCOMPARE(report->failed.size(), std::size_t{0});
    QCOMPARE(report->notDicom, 1);
    QCOMPARE(filesBelow(files.path("out")), std::size_t{5});
    const std::string series = identities.pseudonym("PAT-123456") + "/" + identities.uid("1.2.3.4.5.1") +
                               "/" + identities.uid("1.2.3.4.5.2") + "/";
    for (int i = 0; i < 4; ++i)
        QVERIFY(fs::exists(
            files.path("out/" + series + identities.uid("1.2.3.4.5." + std::to_string(100 + i)) + ".dcm")));
    QVERIFY(fs::exists(files.path("out/" + series + identities.uid("1.2.3.4.5.100") + "-2.dcm")));
}

void TstDeidentifyFiles::oneBadFileDoesNotStopTheOthers()
{
    const Files files;
    fs::create_directories(files.path("in"));
    files.write("in/good", ctSlice());
    files.write("in/cut", files.read(files.path("in/good")).substr(0, 400));
    ElementTree state = ctSlice();
    state[0x00080016] = text("UI", "1.2.840.10008.5.1.4.1.1.11.1");
    files.write("in/state", state);
    const auto report = deidentifyFiles({files.path("in")}, files.path("out"), identities);
    QVERIFY(report);
    QCOMPARE(report->files.size(), std::size_t{1});
    QCOMPARE(report->failed.size(), std::size_t{2});
    QCOMPARE(report->failed[0].error.code, ErrorCode::Truncated);
    QCOMPARE(report->failed[1].error.code, ErrorCode::Unsupported);
}

void TstDeidentifyFiles::reportsTellNoSources()
{
    const Files files;
    fs::create_directories(files.path("Smith"));
    files.write("Smith/John.dcm", ctSlice());
    files.write("Smith/cut.dcm", files.read(files.path("Smith/John.dcm")).substr(0, 400));
    DeidentificationOptions options;
    options.dates = DateHandling::Shift;
    const auto report = deidentifyFiles({files.path("Smith")}, files.path("out"), identities, options);
    QVERIFY(report);
    const QString shared = QString::fromStdString(toJsonText(*report, false));
    for (const char* secret : {"Smith", "SMITH", "John", "PAT", "1.2.3.4.5", "20200229"})
        QVERIFY2(!shared.contains(QLatin1String(secret)), secret);
    const auto back = deidentificationReportFromJson(toJsonText(*report, true));
    QVERIFY(back);
    QCOMPARE(back->options, options);
    QCOMPARE(back->files[0].source, files.path("Smith/John.dcm"));
    QCOMPARE(back->files[0].removed, report->files[0].removed);
    QCOMPARE(back->failed[0].error.code, ErrorCode::Truncated);
    QVERIFY(!deidentificationReportFromJson("{"));
}

void TstDeidentifyFiles::nothingToDoIsAnError()
{
    const Files files;
    fs::create_directories(files.path("in"));
    files.write("in/notes.txt", std::string("nothing"));
    QCOMPARE(deidentifyFiles({files.path("in")}, files.path("out"), identities).error().code,
             ErrorCode::EmptyFolder);
    QCOMPARE(deidentifyFiles({files.path("gone")}, files.path("out"), identities).error().code,
             ErrorCode::NotFound);
}

void TstDeidentifyFiles::cancelledWorkSaysSo()
{
    const Files files;
    files.write("one", ctSlice());
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(deidentifyFiles({files.path("one")}, files.path("out"), identities, {}, {}, stop.get_token())
                 .error()
                 .code,
             ErrorCode::Cancelled);
}

QTEST_APPLESS_MAIN(TstDeidentifyFiles)
#include "tst_deidentify_files.moc"
