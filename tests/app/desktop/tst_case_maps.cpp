#include "app/desktop/case_maps.h"
#include "app/desktop/panels/suspicion_bar.h"
#include "tests/app/desktop/desktop_fixture.h"

#include <QPushButton>

using namespace annotomy;

class CaseMapsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void withoutAModelTheReasonIsTold();
    void withoutACaseNothingHappens();
};

void CaseMapsTest::withoutAModelTheReasonIsTold()
{
    DesktopFixture fixture;
    const CaseId id = fixture.importCase();
    QVERIFY(id && fixture.open(id));
    CaseMaps& maps = fixture.controller->maps();
    SuspicionBar bar(*fixture.controller);
    QVERIFY(bar.isHidden());
    QSignalSpy failed(fixture.controller.get(), &CaseController::failed);
    maps.startTour();
    QVERIFY(maps.busy() && !bar.isHidden() && !maps.work().isEmpty());
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, 20000);
    QCOMPARE(failed[0][0].value<Error>().code, ErrorCode::Conflict);
    QVERIFY(!maps.busy() && !maps.hasTour() && bar.isHidden());
    maps.step(1); // of nothing
    maps.slicePainted(2, 5);
    QCOMPARE(maps.current(), -1);
}

void CaseMapsTest::withoutACaseNothingHappens()
{
    DesktopFixture fixture;
    CaseMaps& maps = fixture.controller->maps();
    maps.startTour();
    maps.explain("grad-cam");
    QVERIFY(!maps.busy());
}

QTEST_MAIN(CaseMapsTest)
#include "tst_case_maps.moc"
