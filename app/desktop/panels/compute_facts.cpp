#include "app/desktop/panels/compute_facts.h"

#include "app/desktop/panels/core_sentences.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>

namespace annotomy {

namespace {

class Words {
    Q_DECLARE_TR_FUNCTIONS(annotomy::ComputeFacts)
};

QString gigabytes(std::int64_t bytes)
{
    return bytes > 0 ? QLocale().toString(static_cast<double>(bytes) / 1e9, 'f', 1) + QStringLiteral(" GB")
                     : QStringLiteral("–");
}

QString memoryText(const DeviceReport& device)
{
    return device.memoryFree > 0
               ? Words::tr("%1, of which %2 are free").arg(gigabytes(device.memory), gigabytes(device.memoryFree))
               : gigabytes(device.memory);
}

QString speedText(const DeviceReport& device)
{
    const double billions = device.multiplicationsPerSecond / 1e9;
    return billions > 0 ? Words::tr("%1 billion multiplications a second in training").arg(QLocale().toString(billions, 'g', 3))
                        : Words::tr("not measured yet: run the self-test");
}

QString nameText(const DeviceReport& device)
{
    return device.name.empty() ? QString::fromStdString(device.device) : QString::fromStdString(device.name);
}

void addDevice(std::vector<ComputeFact>& facts, const DeviceReport& device, const QString& title)
{
    facts.push_back({title, nameText(device)});
    facts.push_back({Words::tr("Memory"), memoryText(device)});
    if (!device.failure.empty())
        facts.push_back({Words::tr("Does not work"), translatedSentence(device.failure), true});
    else
        facts.push_back({Words::tr("Speed"), speedText(device)});
}

// The device that jobs take unless told otherwise.
QString usedText(const ComputeReport& report)
{
    const bool gpu = report.noGpu.empty() && report.devices.size() > 1;
    if (gpu)
        return Words::tr("GPU: %1").arg(nameText(report.devices[1]));
    return report.threads == 1 ? Words::tr("CPU, 1 thread") : Words::tr("CPU, %1 threads").arg(report.threads);
}

} // namespace

std::vector<ComputeFact> computeFacts(const ComputeReport& report)
{
    std::vector<ComputeFact> facts{{Words::tr("Models run on"), usedText(report)}};
    if (!report.noGpu.empty())
        facts.push_back({Words::tr("Why no GPU"), translatedSentence(report.noGpu), true});
    const QString kind = report.builtForCuda ? Words::tr("for NVIDIA devices") : Words::tr("for the CPU");
    facts.push_back({Words::tr("LibTorch"), QStringLiteral("%1, %2").arg(QString::fromStdString(report.libTorch), kind)});
    facts.push_back({Words::tr("NVIDIA driver"),
                     report.driver.empty() ? Words::tr("none is loaded") : QString::fromStdString(report.driver)});
    int gpu = 0;
    for (const DeviceReport& device : report.devices)
        addDevice(facts, device,
                  device.device == "cpu" ? Words::tr("Processor") : Words::tr("GPU %1").arg(gpu++));
    return facts;
}

bool selfTestPassed(const ComputeReport& report)
{
    return std::all_of(report.devices.begin(), report.devices.end(),
                       [](const DeviceReport& device) { return device.failure.empty(); });
}

QString selfTestSentence(const ComputeReport& report)
{
    QStringList failed;
    double difference = 0;
    for (const DeviceReport& device : report.devices) {
        if (!device.failure.empty())
            failed.push_back(nameText(device));
        difference = std::max(difference, device.difference);
    }
    if (!failed.isEmpty())
        return Words::tr("The self-test failed on %1.").arg(failed.join(QStringLiteral(", ")));
    if (report.devices.size() < 2)
        return Words::tr("The self-test passed: a small network ran and learned on the CPU.");
    return Words::tr("The self-test passed on every device; probabilities differ from the CPU's by at most %1.")
        .arg(QLocale().toString(difference, 'g', 2));
}

} // namespace annotomy
