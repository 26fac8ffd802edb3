// Files of weights: safetensors and PyTorch's state dictionaries, and what hostile ones may not do.
#include "core/io/tensors/pickle.h"
#include "core/io/tensors/stored_tensor.h"
#include "tests/support/shared_data.h"
#include "tests/support/tensor_files.h"

#include <QTemporaryDir>
#include <QTest>

#include <cstring>
#include <fstream>

using namespace annotomy;
using namespace annotomy::test;

namespace {

const std::string twoTensors = R"({"b":{"dtype":"F32","shape":[2],"data_offsets":[24,32]},)"
                               R"("a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"__metadata__":{"by":"test"}})";

std::vector<float> floatsOf(const StoredTensor& tensor)
{
    std::vector<float> values(tensor.bytes.size() / sizeof(float));
    std::memcpy(values.data(), tensor.bytes.data(), values.size() * sizeof(float));
    return values;
}

std::string stateDictionary()
{
    return torchWeights(pickledDictionary({{"turned", pickledTensor("0", 1, {3, 2}, {1, 3})},
                                           {"steps", pickledNumber(7)},
                                           {"plain", pickledTensor("1", 0, {2}, {1})}}),
                        {{"0", floatBytes({0, 1, 2, 3, 4, 5, 6})}, {"1", floatBytes({8, 9})}});
}

} // namespace

class TestTensorFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsSafetensorsInTheirOrder();
    void refusesContradictions_data();
    void refusesContradictions();
    void readsStateDictionaries();
    void readsThoseOfCheckpoints();
    void runsNothing_data();
    void runsNothing();
    void refusesTensorsBeyondTheirStorage_data();
    void refusesTensorsBeyondTheirStorage();
    void survivesEveryCut_data();
    void survivesEveryCut();
    void survivesDeepNesting();
    void growsNoFasterThanThePickle();
    void readsPublishedWeights();

private:
    Result<std::vector<StoredTensor>> readOf(const std::string& bytes) const
    {
        const std::string path = m_folder.filePath("weights").toStdString();
        std::ofstream(path, std::ios::binary) << bytes;
        return readTensors(path);
    }
    QTemporaryDir m_folder;
};

void TestTensorFiles::readsSafetensorsInTheirOrder()
{
    const auto tensors = readOf(safetensorsOf(twoTensors, floatBytes({1, 2, 3, 4, 5, 6, 7, 8})));
    QVERIFY2(tensors.has_value(), tensors ? "" : tensors.error().detail.c_str());
    QCOMPARE(tensors->size(), std::size_t{2});
    QCOMPARE(tensors->front().name, std::string("a"));
    QCOMPARE(tensors->front().shape, (std::vector<std::int64_t>{2, 3}));
    QCOMPARE(floatsOf(tensors->front()), (std::vector<float>{1, 2, 3, 4, 5, 6}));
    QCOMPARE(floatsOf(tensors->back()), (std::vector<float>{7, 8}));
}

void TestTensorFiles::refusesContradictions_data()
{
    QTest::addColumn<std::string>("entry"); // of a file with eight bytes of data
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const char* entry, ErrorCode code = ErrorCode::Malformed) {
        QTest::newRow(name) << std::string(entry) << static_cast<int>(code);
    };
    row("shape", R"("dtype":"F32","shape":[3],"data_offsets":[0,8])");
    row("backwards", R"("dtype":"F32","shape":[2],"data_offsets":[8,0])");
    row("hole", R"("dtype":"F32","shape":[1],"data_offsets":[4,8])");
    row("beyond the end", R"("dtype":"F32","shape":[4],"data_offsets":[0,16])", ErrorCode::Truncated);
    row("less than the file", R"("dtype":"F32","shape":[1],"data_offsets":[0,4])");
    row("negative", R"("dtype":"F32","shape":[-2],"data_offsets":[0,8])");
    row("overflow", R"("dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,8])");
    row("fractions", R"("dtype":"F32","shape":[2.0],"data_offsets":[0,8])");
    row("no place", R"("dtype":"F32","shape":[2])");
    row("type", R"("dtype":"F4","shape":[2],"data_offsets":[0,8])", ErrorCode::Unsupported);
    row("overlap", R"("dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8])");
}

void TestTensorFiles::refusesContradictions()
{
    QFETCH(std::string, entry);
    QFETCH(int, code);
    const auto tensors = readOf(safetensorsOf(R"({"a":{)" + entry + "}}", floatBytes({1, 2})));
    QVERIFY(!tensors.has_value());
    QCOMPARE(static_cast<int>(tensors.error().code), code);
    QVERIFY(!tensors.error().detail.empty());
}

void TestTensorFiles::readsStateDictionaries()
{
    const auto tensors = readOf(stateDictionary());
    QVERIFY2(tensors.has_value(), tensors ? "" : tensors.error().detail.c_str());
    QCOMPARE(tensors->size(), std::size_t{2});
    QCOMPARE(tensors->front().name, std::string("turned"));
    QCOMPARE(floatsOf(tensors->front()), (std::vector<float>{1, 4, 2, 5, 3, 6}));
    QCOMPARE(floatsOf(tensors->back()), (std::vector<float>{8, 9}));
}

void TestTensorFiles::readsThoseOfCheckpoints()
{
    const std::string parameter = "ctorch._utils\n_rebuild_parameter\n(" + pickledTensor("0", 0, {2}, {1}) + "\x88}tR";
    const std::string inner = pickledDictionary({{"weight", parameter}});
    const auto tensors =
        readOf(torchWeights("}(" + pickledText("epoch") + pickledNumber(3) + pickledText("state_dict") + inner + "u",
                            {{"0", floatBytes({4, 5})}}));
    QVERIFY2(tensors.has_value(), tensors ? "" : tensors.error().detail.c_str());
    QCOMPARE(tensors->size(), std::size_t{1});
    QCOMPARE(floatsOf(tensors->front()), (std::vector<float>{4, 5}));
}

void TestTensorFiles::runsNothing_data()
{
    QTest::addColumn<std::string>("pickle");
    QTest::newRow("a command") << "cos\nsystem\n(" + pickledText("touch x") + "tR";
    QTest::newRow("by the stack") << pickledText("builtins") + pickledText("eval") + "\x93(" + pickledText("1") + "tR";
    QTest::newRow("a class") << std::string("ctorch.nn.modules.conv\nConv3d\n)\x81}b");
    QTest::newRow("a script") << "ctorch.jit._pickle\nrestore_type_tag\n(" + pickledText("x") + "tR";
}

void TestTensorFiles::runsNothing()
{
    QFETCH(std::string, pickle);
    const auto tensors = readOf(torchWeights(pickledDictionary({{"weight", pickle}}), {}));
    QVERIFY(!tensors.has_value());
    QCOMPARE(tensors.error().code, ErrorCode::Unsupported);
    QVERIFY(tensors.error().detail.find("asks to run") != std::string::npos);
}

void TestTensorFiles::refusesTensorsBeyondTheirStorage_data()
{
    QTest::addColumn<std::string>("tensor"); // of a storage of four numbers
    QTest::newRow("shape") << pickledTensor("0", 0, {5}, {1});
    QTest::newRow("offset") << pickledTensor("0", 4, {1}, {1});
    QTest::newRow("stride") << pickledTensor("0", 0, {2}, {4});
    QTest::newRow("overflow") << pickledTensor("0", 1, {2, 2}, {INT64_MAX, INT64_MAX});
    QTest::newRow("negative") << pickledTensor("0", 0, {-1}, {1});
    QTest::newRow("expanded") << pickledTensor("0", 0, {1 << 30, 4}, {0, 1});
    QTest::newRow("no storage") << pickledTensor("1", 0, {1}, {1});
    QTest::newRow("elsewhere") << pickledTensor("../version", 0, {1}, {1});
}

void TestTensorFiles::refusesTensorsBeyondTheirStorage()
{
    QFETCH(std::string, tensor);
    const auto tensors = readOf(torchWeights(pickledDictionary({{"weight", tensor}}), {{"0", floatBytes({1, 2, 3, 4})}}));
    QVERIFY(!tensors.has_value());
    QCOMPARE(tensors.error().code, ErrorCode::Malformed);
}

void TestTensorFiles::survivesEveryCut_data()
{
    QTest::addColumn<std::string>("whole");
    QTest::newRow("safetensors") << safetensorsOf(twoTensors, floatBytes({1, 2, 3, 4, 5, 6, 7, 8}));
    QTest::newRow("PyTorch") << stateDictionary();
}

void TestTensorFiles::survivesEveryCut()
{
    QFETCH(std::string, whole);
    QVERIFY(readOf(whole).has_value());
    for (std::size_t size = 0; size < whole.size(); ++size)
        QVERIFY(!readOf(whole.substr(0, size)).has_value());
}

void TestTensorFiles::survivesDeepNesting()
{
    const auto anything = [](const std::string&) { return true; };
    const std::string deep = ")" + std::string(1 << 20, '\x85') + ".";
    const auto document = readPickle(std::as_bytes(std::span(deep)), anything);
    QVERIFY(document.has_value());
    QCOMPARE(document->values.size(), std::size_t{(1 << 20) + 1});
    QVERIFY(!readOf(safetensorsOf(std::string(1 << 20, '['), "")).has_value());
}

// The same long tuple, called again and again, is not copied.
void TestTensorFiles::growsNoFasterThanThePickle()
{
    const auto anything = [](const std::string&) { return true; };
    std::string pickle = "((" + std::string(100'000, 'N') + "tq\1" "ca\nb\nq\2";
    for (int n = 0; n < 100'000; ++n)
        pickle += "h\2h\1R";
    pickle += "t.";
    const auto document = readPickle(std::as_bytes(std::span(pickle)), anything);
    QVERIFY(document.has_value());
    std::size_t items = 0;
    for (const PickleValue& value : document->values)
        items += value.items.size();
    QVERIFY(items < pickle.size());
}

void TestTensorFiles::readsPublishedWeights()
{
    const auto folder = sharedData("E01_brainchop");
    if (!folder)
        QSKIP("the published networks are not here");
    const auto pickled = readTensors(*folder + "/mindgrab/model.pth");
    QVERIFY2(pickled.has_value(), pickled ? "" : pickled.error().detail.c_str());
    QCOMPARE(pickled->size(), std::size_t{27});
    QCOMPARE(pickled->front().shape, (std::vector<std::int64_t>{15, 1, 3, 3, 3}));
    const auto safe = readTensors(*folder + "/model18cls/model.pth");
    QVERIFY2(safe.has_value(), safe ? "" : safe.error().detail.c_str());
    QCOMPARE(safe->size(), std::size_t{20});
    QCOMPARE(safe->back().name, std::string("model.18.bias"));
}

QTEST_APPLESS_MAIN(TestTensorFiles)
#include "tst_tensor_files.moc"
