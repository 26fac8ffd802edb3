#include "storage/folded_text.h"
#include "storage/workspace.h"

#include <QElapsedTimer>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace annotomy;

class TestWorklist : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void foldsTexts_data();
    void foldsTexts();
    void findsByText_data();
    void findsByText();
    void findsByModalityDateAndState();
    void ordersAndPages();
    void olderSeriesAreListed();
    void aSeriesWithoutWorkGrows();
    void warningsAreReplacedByCode();
    void hundredThousandCases();

private:
    CaseId add(int n, const std::string& name, const std::string& modality, const std::string& date,
               const std::string& description);
    std::vector<std::int64_t> found(const CaseFilter& filter);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Workspace> m_workspace;
};

void TestWorklist::init()
{
    m_workspace.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    auto opened = Workspace::open(m_folder->path().toStdString());
    QVERIFY(opened.has_value());
    m_workspace = std::move(*opened);
}

CaseId TestWorklist::add(int n, const std::string& name, const std::string& modality, const std::string& date,
                         const std::string& description)
{
    SeriesEntry entry;
    entry.geometry.size = {4, 3, 2};
    entry.files = {"/d/" + std::to_string(n) + ".dcm"};
    entry.format = "dicom";
    entry.contentKey = "key" + std::to_string(n);
    entry.info.patientName = name;
    entry.info.patientId = "ID-" + std::to_string(n);
    entry.info.modality = modality;
    entry.info.studyDate = date;
    entry.info.studyUid = "1.2." + std::to_string(n);
    entry.info.seriesUid = "1.2.3." + std::to_string(n / 2);
    entry.info.seriesDescription = description;
    entry.info.studyDescription = "Follow-up";
    const auto added = m_workspace->addCase(entry, "image", false);
    return added ? added->id : CaseId();
}

std::vector<std::int64_t> TestWorklist::found(const CaseFilter& filter)
{
    std::vector<std::int64_t> ids;
    const auto rows = m_workspace->findCases(filter);
    if (!rows)
        return {-1};
    for (const CaseRow& row : *rows)
        ids.push_back(row.id.value);
    return ids;
}

void TestWorklist::foldsTexts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("folded");
    QTest::newRow("accents") << "Müller^Jörg" << "muller jorg";
    QTest::newRow("sharp s") << "STRAẞE Straße" << "strasse strasse";
    QTest::newRow("Greek") << "ΔΊΟΝΥΣΟΣ" << QString::fromUtf8("διονυσοσ");
    QTest::newRow("Cyrillic") << "ЛЮКСЕМБУРГ" << QString::fromUtf8("люксембург");
    QTest::newRow("wide letters") << "ＹＡＭＡＤＡ" << "yamada";
    QTest::newRow("Japanese stays") << "Yamada^Tarou=山田^太郎=やまだ^たろう"
                                    << QString::fromUtf8("yamada tarou 山田 太郎 やまだ たろう");
}

void TestWorklist::foldsTexts()
{
    QFETCH(QString, text);
    QFETCH(QString, folded);
    QCOMPARE(QString::fromStdString(foldedText(text.toStdString())), folded);
}

void TestWorklist::findsByText_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("count");
    QTest::newRow("nothing asked") << "" << 3;
    QTest::newRow("case and accents") << "MULLER" << 1;
    QTest::newRow("part of a word") << "üll" << 1;
    QTest::newRow("two words in any order") << "jörg müller" << 1;
    QTest::newRow("name and description") << "müller t1" << 1;
    QTest::newRow("both are needed") << "müller t2" << 0;
    QTest::newRow("id") << "id-2" << 1;
    QTest::newRow("ideograms") << "山田" << 1;
    QTest::newRow("study description") << "follow" << 3;
    QTest::newRow("per cent is no wildcard") << "%" << 1;
    QTest::newRow("underscore is no wildcard") << "i_" << 0;
    QTest::newRow("quotes are letters") << "'; DROP TABLE cases; --" << 0;
}

void TestWorklist::findsByText()
{
    QFETCH(QString, text);
    QFETCH(int, count);
    QVERIFY(add(1, "Müller^Jörg", "MR", "20240110", "T1 sag") && add(2, "Yamada^Tarou=山田^太郎", "CT", "20240220", "50% dose")
            && add(3, "O'Neil", "MR", "", "T2"));
    CaseFilter filter;
    filter.text = text.toStdString();
    QCOMPARE(static_cast<int>(found(filter).size()), count);
    QCOMPARE(*m_workspace->countCases(filter), count);
}

void TestWorklist::findsByModalityDateAndState()
{
    QVERIFY(add(1, "A", "MR", "20240110", "x") && add(2, "B", "CT", "20240220", "x") && add(3, "C", "MR", "", "y"));
    QVERIFY(m_workspace->setState({2}, CaseState::InWork));
    CaseFilter filter;
    filter.modality = "MR";
    QCOMPARE(found(filter), (std::vector<std::int64_t>{1, 3}));
    filter = {};
    filter.fromDate = "20240110";
    QCOMPARE(found(filter), (std::vector<std::int64_t>{1, 2}));
    filter.toDate = "20240219";
    QCOMPARE(found(filter), (std::vector<std::int64_t>{1}));
    filter.fromDate.clear();
    QCOMPARE(found(filter), (std::vector<std::int64_t>{1})); // one without a date is not before it
    filter = {};
    filter.state = CaseState::InWork;
    QCOMPARE(found(filter), (std::vector<std::int64_t>{2}));
    filter = {};
    filter.description = "Y";
    QCOMPARE(found(filter), (std::vector<std::int64_t>{3}));
    filter = {};
    filter.patient = "x"; // is in the descriptions only
    QVERIFY(found(filter).empty());
    QCOMPARE(*m_workspace->casesOfSeries("1.2.3.1"), (std::vector<CaseId>{{2}, {3}}));
    QVERIFY(m_workspace->casesOfSeries("")->empty());
    QCOMPARE(*m_workspace->casesOfPatient(m_workspace->caseById({2})->patientKey), (std::vector<CaseId>{{2}}));
    QVERIFY(m_workspace->casesOfPatient("nobody")->empty());
    QCOMPARE(m_workspace->caseOfContent("key2")->value().value, 2);
    QVERIFY(!*m_workspace->caseOfContent("none"));
}

void TestWorklist::ordersAndPages()
{
    QVERIFY(add(1, "Zoe", "MR", "20240110", "x") && add(2, "Ärzte", "CT", "20250220", "x") && add(3, "Bo", "MR", "2023", "y"));
    CaseFilter filter;
    filter.order = CaseOrder::ByPatient;
    QCOMPARE(found(filter), (std::vector<std::int64_t>{2, 3, 1}));
    filter.order = CaseOrder::ByDate;
    filter.descending = true;
    QCOMPARE(found(filter), (std::vector<std::int64_t>{2, 1, 3}));
    filter.limit = 1;
    filter.offset = 1;
    QCOMPARE(found(filter), (std::vector<std::int64_t>{1}));
    QCOMPARE(*m_workspace->countCases(filter), 3);
}

// A database of version 1 has no rows to be searched by.
void TestWorklist::olderSeriesAreListed()
{
    QVERIFY(add(1, "Müller", "MR", "20240110", "x"));
    m_workspace.reset();
    {
        QSqlDatabase db = QSqlDatabase::addDatabase("QSQLITE", "older");
        db.setDatabaseName(m_folder->filePath("annotomy.db"));
        QVERIFY(db.open());
        QSqlQuery query(db);
        for (const char* statement : {"DROP TABLE worklist", "DROP INDEX cases_by_series", "DROP INDEX cases_by_state",
                                      "DROP INDEX series_of_study", "PRAGMA user_version = 1"})
            QVERIFY2(query.exec(statement), qPrintable(query.lastError().text()));
    }
    QSqlDatabase::removeDatabase("older");
    auto opened = Workspace::open(m_folder->path().toStdString());
    QVERIFY2(opened.has_value(), opened ? "" : opened.error().detail.c_str());
    m_workspace = std::move(*opened);
    CaseFilter filter;
    filter.text = "muller";
    QCOMPARE(found(filter), (std::vector<std::int64_t>{1}));
}

void TestWorklist::aSeriesWithoutWorkGrows()
{
    const CaseId id = add(1, "A", "MR", "20240110", "x"), worked = add(2, "B", "MR", "20240110", "x");
    auto record = m_workspace->caseById(id);
    SeriesEntry grown = record->series;
    grown.contentKey += " grown";
    grown.files.push_back("/d/more.dcm");
    grown.geometry.size[2] = 3;
    QVERIFY(m_workspace->regrow(id, grown));
    QCOMPARE(m_workspace->caseById(id)->series, grown);
    QCOMPARE(m_workspace->findCases({})->front().size, grown.geometry.size);
    QVERIFY(m_workspace->acquireLease(worked)); // somebody has it open
    grown.contentKey += " again";
    const auto refused = m_workspace->regrow(worked, grown);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QCOMPARE(m_workspace->caseById(worked)->series.files.size(), std::size_t{1});
}

void TestWorklist::warningsAreReplacedByCode()
{
    const CaseId id = add(1, "A", "MR", "20240110", "x");
    QVERIFY(m_workspace->addWarning(id, {"grownSince", "first", {}}));
    QVERIFY(m_workspace->addWarning(id, {"grownSince", "second", {}}));
    const auto warnings = m_workspace->caseById(id)->series.info.warnings;
    QCOMPARE(warnings.size(), std::size_t{1});
    QCOMPARE(warnings[0].text, std::string("second"));
    const std::string key = m_workspace->caseById(id)->series.contentKey;
    QVERIFY(m_workspace->replaceWarning(key, "grownSince", Warning{"grownSince", "third", {}}));
    QCOMPARE(m_workspace->caseById(id)->series.info.warnings.at(0).text, std::string("third"));
    QVERIFY(m_workspace->replaceWarning(key, "grownSince", std::nullopt));
    QVERIFY(m_workspace->caseById(id)->series.info.warnings.empty());
    QCOMPARE(m_workspace->replaceWarning("no such key", "x", std::nullopt).error().code, ErrorCode::NotFound);
}

// A page of a long list, and a search through all of it, in terms of counting its rows.
void TestWorklist::hundredThousandCases()
{
    constexpr int count = 100'000;
    QVERIFY(add(1, "Müller^Jörg", "MR", "20240110", "T1 sag"));
    m_workspace.reset();
    {
        QSqlDatabase db = QSqlDatabase::addDatabase("QSQLITE", "many");
        db.setDatabaseName(m_folder->filePath("annotomy.db"));
        QVERIFY(db.open());
        QSqlQuery query(db);
        const QString rows = QStringLiteral("WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < %1) ").arg(count);
        for (const QString& statement :
             {QStringLiteral("BEGIN"), "INSERT INTO patients(id, key) " + rows + "SELECT i, 'P' || i FROM n",
              "INSERT INTO studies(id, patient_id, uid, date, description) " + rows + "SELECT i, i, '1.2.' || i, '', '' FROM n",
              "INSERT INTO series(id, study_id, content_key, format, transfer_syntax, header, geometry) " + rows +
                  "SELECT i, i, 'k' || i, format, transfer_syntax, header || printf('%1000s', ''), geometry FROM n, series WHERE series.id = 1",
              "INSERT INTO cases(id, series_id, channel, copied, state, added_ms, thumbnail) " + rows +
                  "SELECT i, i, 'image', 0, CASE i % 4 WHEN 0 THEN 'approved' WHEN 1 THEN 'inWork' ELSE 'new' END, i, zeroblob(2000) FROM n",
              "INSERT INTO worklist " + rows +
                  "SELECT i, '1.2.3.' || i, CASE i % 3 WHEN 0 THEN 'CT' ELSE 'MR' END, 20200101 + i % 9000, 'Patient^Number ' || i, "
                  "'T2 axial ' || i, 30, 512, 512, 'patient number ' || i || ' p' || i, 't2 axial ' || i || ' head' FROM n",
              QStringLiteral("COMMIT")})
            QVERIFY2(query.exec(statement), qPrintable(query.lastError().text()));
    }
    QSqlDatabase::removeDatabase("many");
    m_workspace = std::move(*Workspace::open(m_folder->path().toStdString()));
    const auto medianMs = [](const auto& work) {
        std::vector<double> times;
        for (int n = 0; n < 9; ++n) {
            QElapsedTimer timer;
            timer.start();
            work();
            times.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        }
        std::nth_element(times.begin(), times.begin() + 4, times.end());
        return times[4];
    };
    const double counting = medianMs([&] { QCOMPARE(*m_workspace->countCases({}), count); });
    const auto measured = [&](const char* what, const CaseFilter& filter, std::size_t rows) {
        std::size_t got = 0;
        const double ms = medianMs([&] { got = found(filter).size(); });
        qInfo("%-34s %7.2f ms, %5.2f times counting (%.2f ms)", what, ms, ms / counting, counting);
        QCOMPARE(got, rows);
        QVERIFY2(ms < 6 * counting, what);
    };
    CaseFilter filter;
    filter.limit = 200;
    measured("first page by number", filter, 200);
    filter.order = CaseOrder::ByPatient;
    measured("first page by patient", filter, 200);
    filter.offset = count - 300;
    measured("last page by patient", filter, 200);
    filter = {};
    filter.limit = 200;
    filter.text = "number 99999";
    measured("a word that one case has", filter, 1);
    filter.text = "nobody";
    measured("a word that no case has", filter, 0);
    filter.text = "head";
    filter.modality = "CT";
    filter.state = CaseState::Approved;
    filter.fromDate = "20200101";
    filter.order = CaseOrder::ByDate;
    filter.descending = true;
    measured("everything at once, by date", filter, 200);
}

QTEST_GUILESS_MAIN(TestWorklist)
#include "tst_worklist.moc"
