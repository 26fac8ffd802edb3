#include "core/datasets/dataset.h"
#include "core/datasets/lidc_xml.h"
#include "core/io/dicom/dicom_writer.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <random>

using namespace annotomy;

namespace {

std::string edge(int x, int y)
{
    return "<edgeMap><xCoord>" + std::to_string(x) + "</xCoord><yCoord>" + std::to_string(y) + "</yCoord></edgeMap>";
}

// The outline of the pixels [x0, x1] x [y0, y1]: the ring of pixels around them.
std::string roi(double z, int x0, int y0, int x1, int y1, const char* inclusion = "TRUE")
{
    std::string text = "<roi><imageZposition>" + std::to_string(z) + "</imageZposition><imageSOP_UID>1.2.3</imageSOP_UID>"
                       "<inclusion>" + inclusion + "</inclusion>";
    for (int x = x0 - 1; x <= x1 + 1; ++x)
        text += edge(x, y0 - 1);
    for (int y = y0; y <= y1 + 1; ++y)
        text += edge(x1 + 1, y);
    for (int x = x1; x >= x0 - 1; --x)
        text += edge(x, y1 + 1);
    for (int y = y1; y >= y0; --y)
        text += edge(x0 - 1, y);
    return text + "</roi>";
}

std::string nodule(const std::string& id, const std::string& rois)
{
    return "<unblindedReadNodule><noduleID>" + id + "</noduleID><characteristics><malignancy>4</malignancy>"
           "</characteristics>" + rois + "</unblindedReadNodule>";
}

std::string message(const std::string& sessions)
{
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><LidcReadMessage uid=\"1.3.6\" xmlns=\"http://www.nih.gov\">"
           "<ResponseHeader><Version>1.8.1</Version><SeriesInstanceUid>1.2.840.1</SeriesInstanceUid>"
           "<StudyInstanceUID>1.2.840</StudyInstanceUID></ResponseHeader>" + sessions + "</LidcReadMessage>";
}

const std::string twoReaders = message(
    "<readingSession><servicingRadiologistID>anon</servicingRadiologistID>"
    + nodule("Nodule 001", roi(-100, 4, 5, 9, 8) + roi(-97.5, 5, 5, 8, 8) + roi(-97.5, 6, 6, 6, 6, "FALSE"))
    + "<unblindedReadNodule><noduleID>small</noduleID><roi><imageZposition>-95</imageZposition><inclusion>TRUE</inclusion>"
      "<edgeMap><xCoord>3</xCoord><yCoord>3</yCoord></edgeMap></roi></unblindedReadNodule>"
      "<nonNodule><nonNoduleID>n</nonNoduleID><imageZposition>-95</imageZposition><locus><xCoord>1</xCoord>"
      "<yCoord>1</yCoord></locus></nonNodule></readingSession><readingSession>"
    + nodule("IL057_127364", roi(-100, 6, 5, 11, 8)) + nodule("second", roi(-95, 12, 12, 13, 13)) + "</readingSession>");

// A CT whose slices run downwards, 2.5 mm apart; z = -100 is the third of five.
VolumeGeometry chest()
{
    VolumeGeometry grid;
    grid.size = {20, 16, 5};
    grid.spacing = {0.7, 0.7, 2.5};
    grid.origin = {-170, -160, -95};
    grid.direction = fromColumns({1, 0, 0}, {0, 1, 0}, {0, 0, -1});
    return grid;
}

// The same without positions: z = -100 is on the third of chest()'s slices.
std::string byImages(std::string text)
{
    for (int k = 0; k < 5; ++k) {
        const std::string position = "<imageZposition>" + std::to_string(-95 - 2.5 * k) + "</imageZposition><imageSOP_UID>1.2.3";
        const std::string image = "<imageSOP_UID>1.2.840.1." + std::to_string(k + 1);
        for (std::size_t at; (at = text.find(position)) != std::string::npos;)
            text.replace(at, position.size(), image);
    }
    return text;
}

std::string written(const QTemporaryDir& folder, const std::string& text, const char* name = "a.xml")
{
    const std::string path = folder.filePath(name).toStdString();
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

} // namespace

class TestLidc : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void annotationsAreRead();
    void nodulesAreFilled();
    void outlinesArePlacedByTheirImages();
    void layoutNamesSeries();
    void refusals();
    void flippedBytesNeverCrash();
};

void TestLidc::annotationsAreRead()
{
    const QTemporaryDir folder;
    const std::string path = written(folder, twoReaders);
    QVERIFY(looksLikeLidc(path));
    const auto annotations = readLidcXml(path);
    QVERIFY2(annotations.has_value(), annotations ? "" : annotations.error().detail.c_str());
    QCOMPARE(annotations->seriesUid, std::string("1.2.840.1"));
    QCOMPARE(annotations->readers.size(), std::size_t{2});
    QCOMPARE(annotations->readers[0].nodules.size(), std::size_t{1});
    QCOMPARE(annotations->readers[0].smallNodules, 1);
    QCOMPARE(annotations->readers[0].nonNodules, 1);
    QCOMPARE(annotations->readers[1].nodules.size(), std::size_t{2});
    QCOMPARE(annotations->readers[0].nodules[0].characteristics, std::string("malignancy 4"));
    QVERIFY(marksLeftOut(*annotations).find("1 nodules below 3 mm and 1 non-nodules") != std::string::npos);
}

void TestLidc::nodulesAreFilled()
{
    const QTemporaryDir folder;
    const auto annotations = readLidcXml(written(folder, twoReaders));
    const auto labels = rasterised(*annotations, chest());
    QVERIFY2(labels.has_value(), labels ? "" : labels.error().detail.c_str());
    const auto& segments = labels->segments().segments();
    QCOMPARE(segments.size(), std::size_t{3});
    QCOMPARE(segments[0].name, std::string("Reader 1: Nodule 001"));
    QCOMPARE(segments[1].name, std::string("Reader 2: IL057_127364"));
    QCOMPARE(segments[0].layer, 0);
    QCOMPARE(segments[1].layer, 1);
    const auto counts = voxelCounts(*labels);
    // 6 x 4 in one slice; 4 x 4 in the next without the hole and its outline, 3 x 3.
    QCOMPARE(counts[segments[0].number], std::int64_t{24 + 16 - 9});
    QCOMPARE(counts[segments[1].number], std::int64_t{24});
    QCOMPARE(counts[segments[2].number], std::int64_t{4});
    QCOMPARE(labels->labelAt(0, {4, 5, 2}), segments[0].number); // z = -100
    QCOMPARE(labels->labelAt(0, {3, 5, 2}), background);
    QCOMPARE(labels->labelAt(0, {9, 8, 2}), segments[0].number);
    QCOMPARE(labels->labelAt(0, {10, 8, 2}), background);
    QCOMPARE(labels->labelAt(1, {9, 8, 2}), segments[1].number); // both readers saw this voxel
    QCOMPARE(labels->labelAt(0, {8, 8, 1}), segments[0].number); // z = -97.5
    QCOMPARE(labels->labelAt(0, {6, 6, 1}), background);
    QCOMPARE(labels->labelAt(1, {12, 13, 0}), segments[2].number);
}

void TestLidc::outlinesArePlacedByTheirImages()
{
    const QTemporaryDir folder;
    const VolumeGeometry grid = chest();
    ImageInfo info;
    info.modality = "CT";
    info.studyUid = "1.2.840";
    info.seriesUid = "1.2.840.1";
    const auto files = writeDicomSeries(folder.filePath("ct").toStdString(),
                                        Volume::fromVoxels(grid, std::vector<std::int16_t>(grid.voxelCount())), info);
    QVERIFY(files.has_value());
    const auto expected = rasterised(*readLidcXml(written(folder, twoReaders)), grid);
    auto annotations = readLidcXml(written(folder, byImages(twoReaders)));
    QVERIFY2(annotations.has_value(), annotations ? "" : annotations.error().detail.c_str());
    QVERIFY(!annotations->readers[0].nodules[0].outlines[0].zMm);
    QCOMPARE(rasterised(*annotations, grid).error().code, ErrorCode::GeometryMismatch); // not before they are placed
    const auto elsewhere = placeByImages(*annotations, {files->at(0)});
    QVERIFY(!elsewhere);
    QCOMPARE(elsewhere.error().code, ErrorCode::GeometryMismatch);
    QVERIFY(elsewhere.error().detail.find("1.2.840.1.3") != std::string::npos);
    QVERIFY(placeByImages(*annotations, *files));
    const auto labels = rasterised(*annotations, grid);
    QVERIFY(labels && expected);
    QCOMPARE(voxelCounts(*labels), voxelCounts(*expected));
    for (int layer = 0; layer < expected->layerCount(); ++layer)
        QVERIFY(std::ranges::equal(labels->layer(layer), expected->layer(layer)));
}

void TestLidc::layoutNamesSeries()
{
    const QTemporaryDir folder;
    written(folder, twoReaders, "069.xml");
    written(folder, twoReaders, "070.xml");
    written(folder, "<other/>", "b.xml");
    written(folder, "no xml", "c.txt");
    const auto dataset = readDataset("lidc", folder.path().toStdString());
    QVERIFY(dataset.has_value());
    QCOMPARE(dataset->cases.size(), std::size_t{1});
    QCOMPARE(dataset->cases[0].seriesUid, std::string("1.2.840.1"));
    QVERIFY(dataset->cases[0].maskPath.ends_with("069.xml"));
    QCOMPARE(dataset->notes.size(), std::size_t{2}); // the same series again; another XML
}

void TestLidc::refusals()
{
    const QTemporaryDir folder;
    QCOMPARE(readLidcXml(written(folder, "<LidcReadMessage>")).error().code, ErrorCode::Malformed);
    QCOMPARE(readLidcXml(written(folder, "<html/>")).error().code, ErrorCode::Unrecognised);
    QCOMPARE(readLidcXml(written(folder, "<IdriReadMessage/>")).error().code, ErrorCode::Unsupported);
    std::string text = twoReaders;
    text.replace(text.find("<xCoord>"), 8, "<xCoord>q");
    QCOMPARE(readLidcXml(written(folder, text)).error().code, ErrorCode::Malformed);
    std::string nowhere = byImages(twoReaders);
    nowhere.replace(nowhere.find("<imageSOP_UID>1.2.840.1.3</imageSOP_UID>"), 40, "");
    QCOMPARE(readLidcXml(written(folder, nowhere)).error().code, ErrorCode::Malformed);
    const auto annotations = readLidcXml(written(folder, twoReaders));
    VolumeGeometry grid = chest();
    grid.origin[2] += 1; // every outline lies between two slices
    QCOMPARE(rasterised(*annotations, grid).error().code, ErrorCode::GeometryMismatch);
    grid = chest();
    grid.size[2] = 2;
    QCOMPARE(rasterised(*annotations, grid).error().code, ErrorCode::GeometryMismatch);
    grid.direction = fromColumns({1, 0, 0}, {0, 0, -1}, {0, 1, 0}); // coronal
    QCOMPARE(rasterised(*annotations, grid).error().code, ErrorCode::GeometryMismatch);
}

void TestLidc::flippedBytesNeverCrash()
{
    const QTemporaryDir folder;
    std::mt19937 random(8);
    for (int n = 0; n < 400; ++n) {
        std::string damaged = twoReaders;
        for (int flips = 0; flips < 4; ++flips)
            damaged[random() % damaged.size()] = static_cast<char>(random());
        if (n % 5 == 0)
            damaged.resize(random() % damaged.size());
        const auto annotations = readLidcXml(written(folder, damaged));
        if (!annotations)
            QVERIFY(!annotations.error().detail.empty());
        else if (const auto labels = rasterised(*annotations, chest()); !labels)
            QVERIFY(!labels.error().detail.empty());
    }
}

QTEST_APPLESS_MAIN(TestLidc)
#include "tst_lidc.moc"
