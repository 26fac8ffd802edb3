#include "core/learn/worker_messages.h"

#include <QTest>

#include <limits>

using namespace annotomy;

namespace {

TrainingCase someCase(const std::string& key)
{
    return {key, "/w/cache/" + key + ".avol", "/w/job/" + key + ".labels", "CT", "hash-" + key};
}

ModelCard smallCard()
{
    ModelCard card;
    card.channels.push_back({"image", "MR", Normalisation::BodyZScore, 0, 0, 0, 1});
    ModelClass modelClass;
    modelClass.output = 1;
    modelClass.name = "liver";
    modelClass.number = 4;
    card.classes.push_back(modelClass);
    return card;
}

TrainJob someTrainJob()
{
    TrainJob job;
    job.recipe.minutes = 2;
    job.train = {someCase("a"), someCase("b")};
    job.replay = {someCase("c")};
    job.validation = {someCase("d")};
    job.classes = smallCard().classes;
    job.parentPath = "/w/models/1.pt";
    job.checkpointPath = "/w/job/checkpoint";
    job.resume = true;
    job.outPath = "/w/job/out.pt";
    job.device = "cuda:1";
    job.threads = 3;
    return job;
}

// Writing what was read gives the same line again, so nothing got lost.
template <class Parse, class Message>
bool survives(const Message& message, const Parse& parse)
{
    const std::string line = toJsonLine(message);
    const auto back = parse(line);
    return line.find('\n') == std::string::npos && back && back->index() == message.index() &&
           toJsonLine(*back) == line;
}

} // namespace

class TestWorkerMessages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void requestsSurvive();
    void trainJobKeepsItsFields();
    void eventsSurvive();
    void resultKeepsItsFields();
    void errorCodesKeepTheirMeaning();
    void brokenUtf8IsReplaced();
    void numbersThatAreNoneAreRefused();
    void badRequests_data();
    void badRequests();
    void badEvents_data();
    void badEvents();
    void damageNeverCrashes();
};

void TestWorkerMessages::requestsSurvive()
{
    ProposeJob propose;
    propose.modelPaths = {"/m \"x\"\n.pt"};
    propose.items = {{"k", "/i", "CT", "/o"}};
    propose.options = {0.25, true, EnsembleRule::WeightedMean, {2}};
    EvaluateJob evaluate;
    evaluate.modelPaths = {"/a", "/b"};
    evaluate.cases = {someCase("v")};
    for (const WorkerRequest& request : {WorkerRequest(someTrainJob()), WorkerRequest(propose),
                                         WorkerRequest(evaluate), WorkerRequest(InspectJob{"/m"}),
                                         WorkerRequest(ScoreJob{{"/m"}, {{"k", "/i", "MR"}}, {}}),
                                         WorkerRequest(ExplainJob{"/m", "/i", "liver", "occlusion", "/o"}),
                                         WorkerRequest(ImportModelJob{"/m", "{}", "/o"}), WorkerRequest(ComputeJob{true, 2})})
        QVERIFY(survives(request, workerRequestFromJson));
}

void TestWorkerMessages::trainJobKeepsItsFields()
{
    const TrainJob job = someTrainJob();
    const auto back = workerRequestFromJson(toJsonLine(WorkerRequest(job)));
    QVERIFY(back);
    const TrainJob* read = std::get_if<TrainJob>(&*back);
    QVERIFY(read);
    QVERIFY(read->recipe == job.recipe && read->classes == job.classes);
    QVERIFY(read->train == job.train && read->replay == job.replay && read->validation == job.validation);
    QVERIFY(read->parentPath == job.parentPath && read->checkpointPath == job.checkpointPath);
    QVERIFY(read->resume && read->outPath == job.outPath && read->device == job.device && read->threads == 3);
}

void TestWorkerMessages::eventsSurvive()
{
    EpochRecord epoch{3, 75, 12.5, 2e-3, 0.75, 0.5, {{"liver", 0.5}}, 6.0};
    EpochRecord bare;
    for (const WorkerEvent& event :
         {WorkerEvent(WorkerProgress{"tiles", 0.5, 12}), WorkerEvent(epoch), WorkerEvent(bare),
          WorkerEvent(WorkerHeartbeat{}), WorkerEvent(WorkerNote{"no CUDA device: using the CPU"}),
          WorkerEvent(ProposeDone{"k", "/o", 1.5, 0.25}), WorkerEvent(ItemFailed{"k", {ErrorCode::Malformed, "a", "b"}}),
          WorkerEvent(WorkerError{{ErrorCode::OutOfMemory, "/m", "too big"}})})
        QVERIFY(survives(event, workerEventFromJson));
    const auto back = workerEventFromJson(toJsonLine(WorkerEvent(epoch)));
    QVERIFY(back && std::get<EpochRecord>(*back) == epoch);
}

void TestWorkerMessages::resultKeepsItsFields()
{
    WorkerResult result;
    result.outPath = "/w/out.pt";
    result.card = smallCard();
    result.figures = {{"/w/m.pt", {{"v", {{"liver", 0.875}, {"spleen", std::nullopt}}}}}};
    result.stoppedEarly = true;
    result.compute = ComputeReport{"2.9.1", true, "570.12", "the reason", 2, true, {{"cuda:0", "RTX", 8, 4, 1e9, 1e-4, "why"}}};
    QVERIFY(survives(WorkerEvent(result), workerEventFromJson));
    const auto back = workerEventFromJson(toJsonLine(WorkerEvent(result)));
    const auto& read = std::get<WorkerResult>(*back);
    QVERIFY(read.card == result.card && read.compute == result.compute);
    QVERIFY(read.figures.at(0).cases.at(0).dice == result.figures[0].cases[0].dice);
}

void TestWorkerMessages::errorCodesKeepTheirMeaning()
{
    for (int code = 0; code <= static_cast<int>(ErrorCode::Conflict); ++code) {
        const WorkerEvent event(WorkerError{{static_cast<ErrorCode>(code), "subject", "detail"}});
        const auto back = workerEventFromJson(toJsonLine(event));
        QVERIFY(back);
        QCOMPARE(static_cast<int>(std::get<WorkerError>(*back).error.code), code);
    }
    const auto foreign = workerEventFromJson(R"({"type":"error","code":"fromTheFuture"})");
    QVERIFY(foreign && std::get<WorkerError>(*foreign).error.code == ErrorCode::WorkerFailed);
}

void TestWorkerMessages::brokenUtf8IsReplaced()
{
    const auto back = workerEventFromJson(toJsonLine(WorkerEvent(WorkerNote{"a\xff\xc3z"})));
    QVERIFY(back);
    const std::string& text = std::get<WorkerNote>(*back).text;
    QVERIFY(text.starts_with('a') && text.ends_with('z'));
}

void TestWorkerMessages::numbersThatAreNoneAreRefused()
{
    EpochRecord epoch;
    epoch.trainLoss = std::numeric_limits<double>::quiet_NaN();
    QVERIFY(!workerEventFromJson(toJsonLine(WorkerEvent(epoch))));
}

void TestWorkerMessages::badRequests_data()
{
    QTest::addColumn<QByteArray>("line");
    for (
        const char* line :
        {"{}", R"({"type":"cancel"})", R"({"type":7})", R"({"type":"fly"})", R"({"type":"train"})",
         R"({"type":"inspect"})", R"({"type":"inspect","modelPath":[]})",
         R"({"type":"propose","modelPaths":["m"],"items":{}})",
         R"({"type":"propose","modelPaths":["m"],"items":[{"key":"k"}]})",
         R"({"type":"propose","modelPaths":["m"],"items":[],"options":{"overlap":1}})",
         R"({"type":"propose","modelPaths":["m"],"items":[],"threads":-1})",
         R"({"type":"propose","modelPaths":[],"items":[]})",
         R"({"type":"propose","modelPaths":["m"],"items":[],"options":{"weights":[1,2]}})",
         R"({"type":"propose","modelPaths":["m"],"items":[],"options":{"ensemble":"best"}})",
         R"({"type":"explain","modelPath":"m","imagePath":"i","className":"c","outPath":"o","method":"guess"})",
         R"({"type":"score","items":[]})", R"({"type":"importModel","path":"p"})",
         R"({"type":"evaluate","modelPaths":[null],"cases":[]})",
         R"({"type":"train","train":[],"outPath":"o","classes":[{"output":1,"name":"a","number":1},{"output":1,"name":"b","number":2}]})"})
        QTest::newRow(line) << QByteArray(line);
}

void TestWorkerMessages::badRequests()
{
    QFETCH(QByteArray, line);
    const auto request = workerRequestFromJson(line.toStdString());
    QVERIFY(!request);
    QVERIFY(request.error().code == ErrorCode::Malformed);
}

void TestWorkerMessages::badEvents_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char* line :
         {"{}", "null", R"({"type":"progress"})", R"({"type":"progress","fraction":1.5})",
          R"({"type":"progress","fraction":0,"secondsLeft":"soon"})",
          R"({"type":"epoch","epoch":-1,"step":0,"trainLoss":0})",
          R"({"type":"epoch","epoch":1,"step":0,"trainLoss":0,"classDice":{"a":2}})",
          R"({"type":"epoch","epoch":1,"step":0,"trainLoss":0,"classDice":[1]})",
          R"({"type":"result","card":{}})", R"({"type":"result","card":5})",
          R"({"type":"result","figures":[[]]})",
          R"({"type":"result","figures":[{"modelPath":"m","cases":[{"key":"k","dice":{"a":"b"}}]}]})",
          R"({"type":"proposed","key":"k"})", R"({"type":"error"})", R"({"type":"note","text":{}})"})
        QTest::newRow(line) << QByteArray(line);
}

void TestWorkerMessages::badEvents()
{
    QFETCH(QByteArray, line);
    const auto event = workerEventFromJson(line.toStdString());
    QVERIFY(!event);
    QVERIFY(event.error().code == ErrorCode::Malformed);
}

void TestWorkerMessages::damageNeverCrashes()
{
    const std::string line = toJsonLine(WorkerRequest(someTrainJob()));
    for (std::size_t at = 0; at < line.size(); ++at) {
        std::string damaged = line;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x1a);
        (void)workerRequestFromJson(damaged);
        (void)workerEventFromJson(damaged);
        QVERIFY(!workerRequestFromJson(line.substr(0, at)));
    }
}

QTEST_APPLESS_MAIN(TestWorkerMessages)
#include "tst_worker_messages.moc"
