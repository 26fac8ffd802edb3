#include "core/edit/codec_stream.h"
#include "core/edit/edit.h"
#include "tests/core/edit/edit_test_data.h"

#include <QTest>

using namespace annotomy;
using namespace annotomy::test;

namespace {

using Bytes = std::vector<std::byte>;

Edit sampleEdit(const VolumeGeometry& g)
{
    LabelMap to = blobLabels(g, 2);
    Segment segment = *to.segments().find(2);
    segment.locked = true;
    segment.visible = false;
    segment.category = {"85756007", "SCT", "Tissue"};
    segment.region = {"39607008", "SCT", "Lung"};
    segment.regionModifier = {"7771000", "SCT", "Left"};
    segment.algorithmType = "MANUAL";
    segment.trackingUid = "1.2.3";
    segment.fileValue = -12;
    to.segments().update(segment);
    Edit edit = difference(blobLabels(g, 1), to);
    edit.tool = "proposal";
    edit.author = "Dr. Ada Müller";
    edit.timeMs = -5;
    return edit;
}

// Damages a copy in every way a disk or a stranger might, and decodes it.
template <class Decode>
void attack(const Bytes& good, Decode&& decode)
{
    for (std::size_t size = 0; size < good.size(); size += 1 + size / 64)
        QVERIFY(!decode(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))));
    for (std::size_t at = 0; at < good.size(); at += 1 + good.size() / 500)
        for (const int bit : {0, 3, 7}) {
            Bytes bad = good;
            bad[at] ^= static_cast<std::byte>(1 << bit);
            decode(bad); // must not crash; the frame header has bits without a meaning
        }
    Bytes longer = good;
    longer.push_back(std::byte{0});
    QVERIFY(!decode(longer));
}

// Valid containers of arbitrary payload reach the checks behind the checksum.
Bytes randomPayload(std::mt19937& random, const char* magic)
{
    CodecWriter out;
    const unsigned size = random() % 200;
    for (unsigned n = 0; n < size; ++n)
        out.byte(static_cast<std::uint8_t>(random() % (random() % 3 ? 4 : 256)));
    return out.compressed(magic, 1);
}

} // namespace

class TestEditCodec : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void editRoundTrip();
    void labelMapRoundTrip();
    void damagedEdits();
    void damagedLabelMaps();
    void arbitraryPayloads();
    void editsOfALargerGridAreRefused();
    void impossibleGridsAreRefused();
    void errorsTellWhatIsWrong();
    void emptyMaskIsSmall();
};

void TestEditCodec::editRoundTrip()
{
    const VolumeGeometry g = obliqueGrid(true);
    const Edit edit = sampleEdit(g);
    const auto decoded = decodeEdit(encodeEdit(edit), g);
    QVERIFY(decoded);
    QVERIFY(*decoded == edit);
    QVERIFY(*decodeEdit(encodeEdit({}), g) == Edit{});
    QCOMPARE(*toolOfEdit(encodeEdit(edit)), edit.tool);
    QVERIFY(toolOfEdit({}).error().code == ErrorCode::Truncated);
}

void TestEditCodec::labelMapRoundTrip()
{
    const VolumeGeometry g = obliqueGrid(true);
    for (unsigned seed = 0; seed < 3; ++seed) {
        const LabelMap labels = blobLabels(g, seed);
        const auto decoded = decodeLabelMap(encodeLabelMap(labels));
        QVERIFY(decoded);
        QVERIFY(*decoded == labels);
        QCOMPARE(decoded->layerCount(), labels.layerCount());
    }
    const auto none = decodeLabelMap(encodeLabelMap(LabelMap(g)));
    QVERIFY(none);
    QCOMPARE(none->layerCount(), 0);
}

void TestEditCodec::damagedEdits()
{
    const VolumeGeometry g = obliqueGrid(false);
    attack(encodeEdit(sampleEdit(g)), [&](const Bytes& bytes) { return decodeEdit(bytes, g).has_value(); });
}

void TestEditCodec::damagedLabelMaps()
{
    attack(encodeLabelMap(blobLabels(obliqueGrid(false), 4)),
           [](const Bytes& bytes) { return decodeLabelMap(bytes).has_value(); });
}

void TestEditCodec::arbitraryPayloads()
{
    const VolumeGeometry g = obliqueGrid(false);
    std::mt19937 random(21);
    for (int n = 0; n < 3000; ++n) {
        const auto edit = decodeEdit(randomPayload(random, "ANED"), g);
        if (edit) {
            LabelMap labels(g);
            for (const LayerChange& change : edit->layers)
                for (const LabelRun& run : change.runs)
                    QVERIFY(run.start + run.length <= g.voxelCount());
        }
        const auto labels = decodeLabelMap(randomPayload(random, "ANLM"));
        QVERIFY(!labels || isPlausible(labels->geometry()));
    }
}

void TestEditCodec::editsOfALargerGridAreRefused()
{
    const VolumeGeometry g = obliqueGrid(false);
    const Bytes bytes = encodeEdit(sampleEdit(g));
    VolumeGeometry smaller = g;
    smaller.size = {10, 10, 10};
    QVERIFY(decodeEdit(bytes, smaller).error().code == ErrorCode::Malformed);
}

void TestEditCodec::impossibleGridsAreRefused()
{
    VolumeGeometry g = obliqueGrid(false);
    g.spacing[1] = -1;
    QVERIFY(decodeLabelMap(encodeLabelMap(LabelMap(g))).error().code == ErrorCode::Malformed);
    g.spacing[1] = std::nan("");
    QVERIFY(decodeLabelMap(encodeLabelMap(LabelMap(g))).error().code == ErrorCode::Malformed);
}

void TestEditCodec::errorsTellWhatIsWrong()
{
    const VolumeGeometry g = obliqueGrid(false);
    Bytes bytes = encodeEdit(sampleEdit(g));
    QVERIFY(decodeEdit(Bytes(bytes.begin(), bytes.end() - 10), g).error().code == ErrorCode::Truncated);
    QVERIFY(decodeEdit({}, g).error().code == ErrorCode::Truncated);
    QVERIFY(decodeLabelMap(bytes).error().code == ErrorCode::Malformed);
    bytes[4] = std::byte{2};
    QVERIFY(decodeEdit(bytes, g).error().code == ErrorCode::Unsupported);
}

void TestEditCodec::emptyMaskIsSmall()
{
    VolumeGeometry g;
    g.size = {256, 256, 100};
    LabelMap labels(g);
    labels.ensureLayers(3);
    QVERIFY(encodeLabelMap(labels).size() < 1000);
}

QTEST_APPLESS_MAIN(TestEditCodec)
#include "tst_edit_codec.moc"
