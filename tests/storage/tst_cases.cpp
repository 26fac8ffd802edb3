#include "tests/storage/samples.h"

using namespace annotomy;
using namespace annotomy::samples;

class TestCases : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }
    void aNewWorkspaceHasItsFolders();
    void everyFieldSurvives();
    void theSameSeriesIsTheSameCase();
    void casesOfOnePatientShareIt();
    void patientKeys_data();
    void patientKeys();
    void quotesAndUnicodeAreOnlyText();
    void fileNamesThatAreNoUtf8ComeBack();
    void channels();
    void thumbnailAndState();
    void relinkMovesFilesAndNothingElse();
    void impossibleSeriesAreRefused();
    void unknownCasesAreNotFound();
    void aThousandCasesAreListedInOrder();
};

void TestCases::aNewWorkspaceHasItsFolders()
{
    TemporaryWorkspace fixture;
    QVERIFY(fixture.workspace);
    QVERIFY(!fixture.workspace->readOnly());
    QVERIFY(fixture.workspace->readOnlyReason().empty());
    for (const char* name : {"/annotomy.db", "/models", "/cache", "/exports"})
        QVERIFY(QFileInfo::exists(QString::fromStdString(fixture.path() + name)));
    const auto cases = fixture.workspace->cases();
    QVERIFY2(cases, why(cases));
    QVERIFY(cases->empty());
}

void TestCases::everyFieldSurvives()
{
    TemporaryWorkspace fixture;
    const SeriesEntry entry = series("P1", 1);
    const auto added = fixture.workspace->addCase(entry, "t1", true);
    QVERIFY2(added && added->isNew, why(added));
    fixture.workspace = fixture.reopen();
    const auto record = fixture.workspace->caseById(added->id);
    QVERIFY2(record, why(record));
    QVERIFY(record->series == entry);
    QCOMPARE(record->patientKey, std::string("P1"));
    QCOMPARE(record->patientName, std::string("P1^Name"));
    QCOMPARE(record->channel, std::string("t1"));
    QVERIFY(record->copied && record->state == CaseState::New && record->pool == Pool::None);
    QVERIFY(!record->head && record->addedMs > 0 && record->thumbnailPng.empty());
    const auto all = fixture.workspace->cases();
    QVERIFY(all && all->size() == 1 && all->front().series == entry);
}

void TestCases::theSameSeriesIsTheSameCase()
{
    TemporaryWorkspace fixture;
    const CaseId id = fixture.addCase("P1", 1);
    const auto again = fixture.workspace->addCase(series("P1", 1), "image", false);
    QVERIFY(again && !again->isNew);
    QCOMPARE(again->id.value, id.value);
    QCOMPARE(fixture.workspace->cases()->size(), std::size_t{1});
}

void TestCases::casesOfOnePatientShareIt()
{
    TemporaryWorkspace fixture;
    fixture.addCase("P1", 1);
    fixture.addCase("P1", 2);
    fixture.addCase("P2", 3);
    QVERIFY(fixture.workspace->reservePool("P1", Pool::Test));
    const auto cases = fixture.workspace->cases();
    QVERIFY(cases && cases->size() == 3);
    QVERIFY((*cases)[0].pool == Pool::Test && (*cases)[1].pool == Pool::Test &&
            (*cases)[2].pool == Pool::None);
}

void TestCases::patientKeys_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("shown");
    QTest::newRow("id and name") << "7"
                                 << "Doe^J"
                                 << "dicom"
                                 << "/a/b.dcm"
                                 << "7"
                                 << "Doe^J";
    QTest::newRow("id only") << "7"
                             << ""
                             << "dicom"
                             << "/a/b.dcm"
                             << "7"
                             << "7";
    QTest::newRow("name only") << ""
                               << "Doe^J"
                               << "dicom"
                               << "/a/b.dcm"
                               << "Doe^J"
                               << "Doe^J";
    QTest::newRow("neither, dicom") << ""
                                    << ""
                                    << "dicom"
                                    << "/a/b.dcm"
                                    << "1.2.study"
                                    << "b";
    QTest::newRow("nifti") << ""
                           << ""
                           << "nifti"
                           << "/a/liver_1.nii.gz"
                           << "liver_1"
                           << "liver_1";
    QTest::newRow("dots") << ""
                          << ""
                          << "nrrd"
                          << "/a/liver.v2.nrrd"
                          << "liver.v2"
                          << "liver.v2";
}

void TestCases::patientKeys()
{
    QFETCH(QString, id);
    QFETCH(QString, name);
    QFETCH(QString, format);
    QFETCH(QString, file);
    QFETCH(QString, key);
    QFETCH(QString, shown);
    TemporaryWorkspace fixture;
    SeriesEntry entry = series("x", 1);
    entry.info.patientId = id.toStdString();
    entry.info.patientName = name.toStdString();
    entry.info.studyUid = "1.2.study";
    entry.format = format.toStdString();
    entry.files = {file.toStdString()};
    const auto added = fixture.workspace->addCase(entry, "image", false);
    QVERIFY2(added, why(added));
    const auto record = fixture.workspace->caseById(added->id);
    QCOMPARE(QString::fromStdString(record->patientKey), key);
    QCOMPARE(QString::fromStdString(record->patientName), shown);
}

void TestCases::quotesAndUnicodeAreOnlyText()
{
    TemporaryWorkspace fixture;
    const std::string nasty = "Robert'); DROP TABLE cases;-- \"山田^太郎\" %s ? :a @b \x01 \xF0\x9F\xA9\xBB";
    SeriesEntry entry = series(nasty, 1);
    entry.contentKey = nasty;
    entry.info.seriesDescription = nasty;
    const auto added = fixture.workspace->addCase(entry, nasty, false);
    QVERIFY2(added, why(added));
    QVERIFY(fixture.workspace->addUser(nasty));
    QVERIFY(fixture.workspace->setSetting(nasty, nasty));
    const auto record = fixture.workspace->caseById(added->id);
    QVERIFY(record && record->series == entry && record->channel == nasty && record->patientKey == nasty);
    QVERIFY(fixture.workspace->users()->front() == nasty);
    QVERIFY(*fixture.workspace->setting(nasty) == nasty);
    QVERIFY(fixture.workspace->reservePool(nasty, Pool::Train));
}

void TestCases::fileNamesThatAreNoUtf8ComeBack()
{
    TemporaryWorkspace fixture;
    SeriesEntry a = series("P1", 1), b = series("P1", 2);
    a.files = {"/data/gr\xfc\xdf.nii"};
    a.contentKey = a.files[0];
    b.files = {"/data/gr\xfd\xdf.nii"};
    b.contentKey = b.files[0];
    const auto first = fixture.workspace->addCase(a, "image", false);
    const auto second = fixture.workspace->addCase(b, "image", false);
    QVERIFY(first && second && second->isNew);
    QVERIFY(fixture.workspace->caseById(first->id)->series == a);
    QVERIFY(fixture.workspace->caseById(second->id)->series == b);
}

void TestCases::channels()
{
    TemporaryWorkspace fixture;
    const CaseId id = fixture.addCase("P1", 1);
    QVERIFY(fixture.workspace->addChannel(id, "t2", series("P1", 2)));
    QVERIFY(fixture.workspace->addChannel(id, "pet", series("P1", 3)));
    QVERIFY(fixture.workspace->addChannel(id, "pet", series("P1", 4))); // replaced
    QVERIFY(failsWith(fixture.workspace->addChannel(id, "x", series("P2", 5)), ErrorCode::Conflict));
    QVERIFY(failsWith(fixture.workspace->addChannel(id, "", series("P1", 6)), ErrorCode::InvalidArgument));
    const auto channels = fixture.workspace->channels(id);
    QVERIFY2(channels, why(channels));
    QCOMPARE(channels->size(), std::size_t{2});
    QVERIFY((*channels)[0].name == "pet" && (*channels)[0].series == series("P1", 4));
    QVERIFY((*channels)[1].name == "t2" && (*channels)[1].series == series("P1", 2));
    QCOMPARE(fixture.workspace->cases()->size(), std::size_t{1});
}

void TestCases::thumbnailAndState()
{
    TemporaryWorkspace fixture;
    const CaseId id = fixture.addCase();
    const std::vector<std::byte> png{std::byte{0}, std::byte{0x89}, std::byte{0}, std::byte{255}};
    QVERIFY(fixture.workspace->setThumbnail(id, png));
    QVERIFY(fixture.workspace->setState(id, CaseState::Proposed));
    const auto record = fixture.workspace->caseById(id);
    QVERIFY(record && record->thumbnailPng == png && record->state == CaseState::Proposed);
    QVERIFY(failsWith(fixture.workspace->setState(id, CaseState::Approved), ErrorCode::InvalidArgument));
    QVERIFY(failsWith(fixture.workspace->setThumbnail(id, std::vector<std::byte>(5 << 20)),
                      ErrorCode::InvalidArgument));
}

void TestCases::relinkMovesFilesAndNothingElse()
{
    TemporaryWorkspace fixture;
    const CaseId id = fixture.addCase("P1", 1);
    SeriesEntry moved = series("P1", 1);
    moved.files = {"/new/1.dcm", "/new/2.dcm"};
    moved.geometry.origin[0] += 1e-5;
    QVERIFY(fixture.workspace->relink(id, moved));
    const auto record = fixture.workspace->caseById(id);
    QVERIFY(record->series.files == moved.files);
    QVERIFY(record->series.geometry == grid());
    moved.geometry.origin[0] += 1;
    QVERIFY(failsWith(fixture.workspace->relink(id, moved), ErrorCode::GeometryMismatch));
    QVERIFY(failsWith(fixture.workspace->relink(id, series("P1", 2)), ErrorCode::Conflict));

    SeriesEntry nifti = series("P2", 8);
    nifti.format = "nifti";
    nifti.contentKey = "/old/a.nii";
    const auto added = fixture.workspace->addCase(nifti, "image", false);
    nifti.contentKey = "/new/a.nii";
    QVERIFY(fixture.workspace->relink(added->id, nifti));
    QCOMPARE(fixture.workspace->caseById(added->id)->series.contentKey, std::string("/new/a.nii"));
    nifti.contentKey = series("P1", 1).contentKey;
    QVERIFY(failsWith(fixture.workspace->relink(added->id, nifti), ErrorCode::Conflict));
}

void TestCases::impossibleSeriesAreRefused()
{
    TemporaryWorkspace fixture;
    SeriesEntry entry = series("P1", 1);
    entry.files.clear();
    QVERIFY(failsWith(fixture.workspace->addCase(entry, "image", false), ErrorCode::InvalidArgument));
    entry = series("P1", 1);
    entry.contentKey.clear();
    QVERIFY(failsWith(fixture.workspace->addCase(entry, "image", false), ErrorCode::InvalidArgument));
    entry = series("P1", 1);
    entry.geometry.spacing[1] = 0;
    QVERIFY(failsWith(fixture.workspace->addCase(entry, "image", false), ErrorCode::InvalidArgument));
    QVERIFY(fixture.workspace->cases()->empty());
}

void TestCases::unknownCasesAreNotFound()
{
    TemporaryWorkspace fixture;
    Workspace& w = *fixture.workspace;
    for (const CaseId id : {CaseId{}, CaseId{77}, CaseId{-1}}) {
        QVERIFY(failsWith(w.caseById(id), ErrorCode::NotFound));
        QVERIFY(failsWith(w.channels(id), ErrorCode::NotFound));
        QVERIFY(failsWith(w.addChannel(id, "t2", series("P1", 1)), ErrorCode::NotFound));
        QVERIFY(failsWith(w.setThumbnail(id, {}), ErrorCode::NotFound));
        QVERIFY(failsWith(w.setState(id, CaseState::InWork), ErrorCode::NotFound));
        QVERIFY(failsWith(w.relink(id, series("P1", 1)), ErrorCode::NotFound));
        QVERIFY(failsWith(w.acquireLease(id), ErrorCode::NotFound));
        QVERIFY(failsWith(w.revisions(id), ErrorCode::NotFound));
        QVERIFY(failsWith(w.history(id), ErrorCode::NotFound));
        QVERIFY(failsWith(w.appendCursorMove(id, JournalKind::Undo), ErrorCode::NotFound));
    }
}

void TestCases::aThousandCasesAreListedInOrder()
{
    TemporaryWorkspace fixture;
    for (int n = 0; n < 1000; ++n)
        QVERIFY(fixture.addCase("P" + std::to_string(n / 3), n));
    const auto cases = fixture.workspace->cases();
    QVERIFY(cases && cases->size() == 1000);
    for (std::size_t n = 0; n < 1000; ++n) {
        QVERIFY((*cases)[n].series == series("P" + std::to_string(n / 3), static_cast<int>(n)));
        QVERIFY(n == 0 || (*cases)[n - 1].id < (*cases)[n].id);
    }
}

QTEST_GUILESS_MAIN(TestCases)
#include "tst_cases.moc"
