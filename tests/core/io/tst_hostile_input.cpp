// What the fuzz targets found (tests/fuzz), so that it stays found.
#include "core/io/reader_messages.h"

#include <QTest>

using namespace annotomy;

namespace {

// As deep as a stack of 8 MiB does not bear.
std::string nested(const std::string& before, const std::string& after)
{
    constexpr std::size_t depth = 200'000;
    return before + std::string(depth, '[') + std::string(depth, ']') + after;
}

} // namespace

class TestHostileInput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void deeplyNestedJsonIsRefused();
};

void TestHostileInput::deeplyNestedJsonIsRefused()
{
    QVERIFY(!isCancelJsonLine(nested(R"({"type":)", "}")));
    QVERIFY(!readerRequestFromJson(nested(R"({"type":"readMask","path":"a","out":"b","names":)", "}")));
    QVERIFY(!readerEventFromJson(nested(R"({"type":"failed","code":"malformed","detail":)", "}")));
    QVERIFY(!seriesEntryFromJson(nested(R"({"files":)", "}")));
    QVERIFY(!scanReportFromJson(nested(R"({"series":)", "}")));
    QVERIFY(isCancelJsonLine(cancelJsonLine()));
}

QTEST_APPLESS_MAIN(TestHostileInput)
#include "tst_hostile_input.moc"
