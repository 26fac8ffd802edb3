#include "core/base/sha256.h"
#include "core/privacy/dates.h"
#include "core/privacy/descriptor_words.h"
#include "core/privacy/identifiers.h"
#include "core/privacy/identity_map.h"

#include <QTest>

#include <set>

using namespace annotomy;

class TstIdentityMap : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hashesAsTheStandardsSay();
    void uidsAreValidAndDependOnTheSecret();
    void patientsKeepTheirNamesAndShifts();
    void datesMoveByWholeDays();
    void onlyKnownWordsStay();
    void identifiersAreTakenOutAsWholeWords();
};

void TstIdentityMap::hashesAsTheStandardsSay()
{
    const auto hashed = [](std::string_view text) {
        Sha256 hash;
        hash.update(text.substr(0, text.size() / 3));
        hash.update(text.substr(text.size() / 3));
        return hexText(hash.digest());
    };
    QCOMPARE(hashed("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    QCOMPARE(hashed(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    QCOMPARE(hashed(std::string(1'000'000, 'a')),
             std::string("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
    QCOMPARE(hexText(hmacSha256("Jefe", "what do ya want for nothing?")), // RFC 4231, test case 2
             std::string("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    QCOMPARE(hexText(hmacSha256(std::string(131, '\xaa'),
                                "Test Using Larger Than Block-Size Key - Hash Key First")),
             std::string("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")); // test case 6
}

void TstIdentityMap::uidsAreValidAndDependOnTheSecret()
{
    const IdentityMap one("secret one"), same("secret one"), other("secret two");
    std::set<std::string> seen;
    for (int i = 0; i < 2000; ++i) {
        const std::string original = "1.2.3." + std::to_string(i), uid = one.uid(original);
        QVERIFY(uid.size() <= 64 && uid.starts_with("2.25.") && uid[5] != '0');
        QVERIFY(uid.find_first_not_of("0123456789.") == std::string::npos);
        QCOMPARE(same.uid(original), uid);
        QVERIFY(other.uid(original) != uid);
        QVERIFY(seen.insert(uid).second);
    }
    QVERIFY(IdentityMap::randomSecret() != IdentityMap::randomSecret());
    QCOMPARE(IdentityMap::randomSecret().size(), std::size_t{64});
}

void TstIdentityMap::patientsKeepTheirNamesAndShifts()
{
    const IdentityMap map("s");
    QVERIFY(map.pseudonym("a") != map.pseudonym("b"));
    for (int i = 0; i < 1000; ++i) {
        const int days = map.dayShift(std::to_string(i));
        QVERIFY(days <= -1 && days >= -3650);
        QCOMPARE(map.dayShift(std::to_string(i)), days);
    }
}

void TstIdentityMap::datesMoveByWholeDays()
{
    QCOMPARE(shiftedDate("20200301", -1).value(), std::string("20200229"));
    QCOMPARE(shiftedDate("20200101", -1).value(), std::string("20191231"));
    QCOMPARE(shiftedDate("20200301101112.5+0100", 1).value(), std::string("20200302101112.5+0100"));
    QCOMPARE(shiftedDate("1999.12.31", 1).value(), std::string("20000101"));
    for (const char* bad : {"", "2020", "202013", "20201301", "20190229", "Smith..."})
        QVERIFY(!shiftedDate(bad, -5));
}

void TstIdentityMap::onlyKnownWordsStay()
{
    QCOMPARE(knownWordsOf("CT Thorax Smith 5 mm (A1234)"), std::string("CT Thorax 5 mm"));
    QCOMPARE(knownWordsOf("GTV_Mass"), std::string("GTV Mass"));
    QCOMPARE(knownWordsOf("M\xfcller 19500102"), std::string());
}

void TstIdentityMap::identifiersAreTakenOutAsWholeWords()
{
    Identifiers identifiers;
    identifiers.addName("Smith^John^ ^Dr");
    identifiers.addText("PAT-123456");
    identifiers.addText("7");
    identifiers.addUid("1.2.3.4.5");
    QCOMPARE(identifiers.without("scan of SMITH, john, Smithers"), std::string("scan of , , Smithers"));
    QCOMPARE(identifiers.without("id pat-123456."), std::string("id ."));
    QCOMPARE(identifiers.without("7 Dr"), std::string("7 Dr")); // too short to mean anything
    QVERIFY(identifiers.occurIn("xxPAT-123456xx", Identifiers::Match::LongAnywhere));
    QVERIFY(!identifiers.occurIn("Johnson", Identifiers::Match::WholeWords));
    QVERIFY(identifiers.uidOccursIn("see 1.2.3.4.5;"));
    QVERIFY(!identifiers.uidOccursIn("see 1.2.3.4.55 and 11.2.3.4.5"));
}

QTEST_APPLESS_MAIN(TstIdentityMap)
#include "tst_identity_map.moc"
