// The report of an evaluation as files.
#include "app/workbench/evaluation.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace annotomy;

namespace {

EvaluatedClass row(const std::string& name, std::optional<double> dice, double reference, double mask)
{
    EvaluatedClass result{name, {}};
    result.metrics.overlap.dice = dice;
    result.metrics.overlap.volumeReferenceMl = reference;
    result.metrics.overlap.volumeMaskMl = mask;
    result.metrics.overlap.volumeDifferenceMl = mask - reference;
    return result;
}

Evaluation sample()
{
    Evaluation evaluation;
    evaluation.modelName = "model-<1>";
    evaluation.pool = Pool::Validation;
    evaluation.patients = 3;
    evaluation.classes = {"head, \"left\"", "tail"};
    const std::string& head = evaluation.classes[0];
    evaluation.cases = {{{7}, {1}, {row(head, 0.9, 10, 11), row("tail", 0.8, 5, 5)}},
                        {{8}, {2}, {row(head, 0.5, 20, 18), row("tail", std::nullopt, 0, 0)}},
                        {{9}, {3}, {row(head, 0.7, 30, 33)}}};
    return evaluation;
}

} // namespace

class TestEvaluation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void figuresAreThoseOfTheCases();
    void reportIsWritten();
    void folderThatCannotBeMadeIsSaid();
};

void TestEvaluation::figuresAreThoseOfTheCases()
{
    const Evaluation evaluation = sample();
    QCOMPARE(figuresOfClass(evaluation, evaluation.classes[0], "dice"), (std::vector<double>{0.9, 0.5, 0.7}));
    QCOMPARE(figuresOfClass(evaluation, "tail", "dice"), (std::vector<double>{0.8})); // what is not defined does not count
    QCOMPARE(figuresOfClass(evaluation, evaluation.classes[0], "volumeDifferenceMl"), (std::vector<double>{1, -2, 3}));
    QVERIFY(figuresOfClass(evaluation, "tail", "hd95Mm").empty());
    SegmentMetrics missed;
    QVERIFY(!figureOf(missed, "nsd")); // empty in both
    missed.overlap.voxelsReference = 5;
    QCOMPARE(figureOf(missed, "nsd"), std::optional(0.0));
    QVERIFY(!figureOf(missed, "hd95Mm"));
}

void TestEvaluation::reportIsWritten()
{
    QTemporaryDir folder;
    const auto read = [&](const char* name) {
        QFile file(folder.filePath(QLatin1String("out/") + QLatin1String(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    QVERIFY(writeEvaluation(sample(), folder.filePath("out").toStdString()));
    const QByteArray csv = read("cases.csv"), html = read("report.html");
    QCOMPARE(csv.count('\n'), 6); // titles and five rows
    QVERIFY(csv.contains("7,1,\"head, \"\"left\"\"\",0,0,10.0000,11.0000,0.90000,"));
    QVERIFY(html.contains("model-&lt;1&gt;") && !html.contains("model-<1>"));
    QVERIFY(html.contains("href=\"#case-8\"") && html.contains("name=\"case-8\""));
    QVERIFY(html.indexOf("#case-8\"") < html.indexOf("#case-9\"")); // the worst first
    QVERIFY(html.contains("Bias 0.667 ml, limits of agreement -4.266 to 5.599 ml"));
    QVERIFY(read("report.pdf").startsWith("%PDF-"));
    QVERIFY(read("volumes-1.png").startsWith("\x89PNG") && read("volumes-2.png").startsWith("\x89PNG"));
    const QJsonObject head = QJsonDocument::fromJson(read("summary.json")).object()["classes"].toObject()["head, \"left\""].toObject();
    QVERIFY(std::abs(head["dice"].toObject()["mean"].toDouble() - 0.7) < 1e-9);
    QVERIFY(head["hd95Mm"].isNull());
}

void TestEvaluation::folderThatCannotBeMadeIsSaid()
{
    QTemporaryDir folder;
    QFile file(folder.filePath("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto written = writeEvaluation(sample(), folder.filePath("file/out").toStdString());
    QVERIFY(!written);
    QVERIFY(written.error().subject.find("file/out") != std::string::npos);
}

QTEST_MAIN(TestEvaluation)
#include "tst_evaluation.moc"
