#include "app/desktop/panels/compute_dialog.h"
#include "app/desktop/panels/compute_facts.h"
#include "app/desktop/theme.h"
#include "tests/app/desktop/panels/panel_fixture.h"

#include <QLabel>
#include <QPushButton>

#include <algorithm>

using namespace annotomy;

namespace {

ComputeReport withoutGpu()
{
    ComputeReport report;
    report.libTorch = "1.13.0";
    report.threads = 2;
    report.noGpu = "No CUDA device was found: no NVIDIA driver is loaded.";
    report.devices = {{"cpu", "A processor", 16'000'000'000, 8'000'000'000, 0, 0, {}}};
    return report;
}

ComputeReport withGpu()
{
    ComputeReport report = withoutGpu();
    report.builtForCuda = true;
    report.driver = "570.86.15";
    report.noGpu.clear();
    report.devices.push_back({"cuda:0", "NVIDIA RTX A4000", 16'800'000'000, 15'000'000'000, 0, 0, {}});
    return report;
}

QString valueOf(const ComputeReport& report, const QString& name)
{
    for (const ComputeFact& fact : computeFacts(report))
        if (fact.name == name)
            return fact.value;
    return {};
}

bool says(const QWidget& widget, const QString& text)
{
    const QList<QLabel*> labels = widget.findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) { return label->text().contains(text); });
}

} // namespace

class TestComputeDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { theme::applyTo(*qApp); }

    void saysWhatIsUsedAndWhyNoGpuIs()
    {
        QCOMPARE(valueOf(withoutGpu(), QStringLiteral("Models run on")), QStringLiteral("CPU, 2 threads"));
        QVERIFY(valueOf(withoutGpu(), QStringLiteral("Why no GPU")).startsWith(QLatin1String("No CUDA device was found")));
        QCOMPARE(valueOf(withoutGpu(), QStringLiteral("NVIDIA driver")), QStringLiteral("none is loaded"));
        QCOMPARE(valueOf(withGpu(), QStringLiteral("Models run on")), QStringLiteral("GPU: NVIDIA RTX A4000"));
        QCOMPARE(valueOf(withGpu(), QStringLiteral("Why no GPU")), QString());
        QCOMPARE(valueOf(withGpu(), QStringLiteral("NVIDIA driver")), QStringLiteral("570.86.15"));
        QCOMPARE(valueOf(withGpu(), QStringLiteral("GPU 0")), QStringLiteral("NVIDIA RTX A4000"));
    }

    void tellsWhatTheSelfTestFound()
    {
        ComputeReport report = withGpu();
        report.tested = true;
        report.devices[1].difference = 0.004;
        report.devices[1].multiplicationsPerSecond = 2.5e12;
        QVERIFY(selfTestPassed(report) && selfTestSentence(report).contains(QLatin1String("0.004")));
        QVERIFY(valueOf(report, QStringLiteral("Speed")).startsWith(QLatin1String("not measured"))); // the processor's
        report.devices[1].failure = "no kernel image is available";
        report.noGpu = report.devices[1].failure;
        QVERIFY(!selfTestPassed(report) && selfTestSentence(report).contains(QLatin1String("NVIDIA RTX A4000")));
        QVERIFY(valueOf(report, QStringLiteral("Does not work")).startsWith(QLatin1String("no kernel image")));
        QVERIFY(valueOf(report, QStringLiteral("Models run on")).startsWith(QLatin1String("CPU")));
    }

    void asksTheWorkerInTheBackground()
    {
        PanelFixture fixture({{}, ANNOTOMY_WORKER});
        auto* dialog = new ComputeDialog(*fixture.controller, systemFileChooser());
        QVERIFY(dialog->working());
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->working(), 120000);
        QVERIFY(says(*dialog, QStringLiteral("Models run on")) && dialog->message().isEmpty());
        for (QPushButton* button : dialog->findChildren<QPushButton*>())
            if (button->text() == QLatin1String("Self-test"))
                button->click();
        QVERIFY(dialog->working());
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->working(), 120000);
        QVERIFY(dialog->message().startsWith(QLatin1String("The self-test passed")));
        QVERIFY(says(*dialog, QStringLiteral("billion multiplications a second")));
        delete dialog;
    }

    void theEnvironmentNamesTheWorker()
    {
        qputenv("ANNOTOMY_WORKER", "/opt/annotomy-worker");
        QCOMPARE(defaultProgramPaths().worker, std::string("/opt/annotomy-worker"));
        qunsetenv("ANNOTOMY_WORKER");
        QVERIFY(defaultProgramPaths().worker.ends_with("/annotomy-worker"));
    }

    void tellsThatTheWorkerIsNotThere()
    {
        PanelFixture fixture({{}, "/nowhere/annotomy-worker"});
        auto* dialog = new ComputeDialog(*fixture.controller, systemFileChooser());
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->working(), 30000);
        QVERIFY(dialog->message().contains(QLatin1String("/nowhere/annotomy-worker")));
        delete dialog;
    }
};

QTEST_MAIN(TestComputeDialog)
#include "tst_compute_dialog.moc"
