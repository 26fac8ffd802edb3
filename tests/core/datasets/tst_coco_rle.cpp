#include "core/datasets/coco_rle.h"

#include <QTest>

#include <random>

using namespace annotomy;

class TestCocoRle : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knownText();
    void everyPictureComesBack();
    void damageIsRefused();
};

// By pycocotools 2.0: encode(np.asfortranarray(...)) of the same picture.
void TestCocoRle::knownText()
{
    const std::vector<std::uint8_t> pixels{0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1}; // 4 wide, 3 high
    const CocoMask mask = cocoMask(pixels, 4, 3);
    QCOMPARE(mask.counts, std::string("42101O"));
    QCOMPARE(mask.area, std::int64_t{5});
    QCOMPARE(mask.box, (std::array<int, 4>{1, 1, 3, 2}));
}

void TestCocoRle::everyPictureComesBack()
{
    std::mt19937 random(3);
    for (int n = 0; n < 300; ++n) {
        const int width = 1 + static_cast<int>(random() % 70), height = 1 + static_cast<int>(random() % 70);
        std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width * height));
        const unsigned share = static_cast<unsigned>(random() % 5);
        std::uint8_t value = 0;
        for (auto& pixel : pixels) {
            if (random() % (share * share * 8 + 1) == 0)
                value = static_cast<std::uint8_t>(random() & 1U);
            pixel = value;
        }
        const auto back = pixelsOf(cocoMask(pixels, width, height));
        QVERIFY(back.has_value());
        QVERIFY(*back == pixels);
    }
}

void TestCocoRle::damageIsRefused()
{
    const std::vector<std::uint8_t> pixels{0, 1, 1, 0, 1, 0};
    const CocoMask mask = cocoMask(pixels, 3, 2);
    CocoMask shorter = mask;
    shorter.height = 3;
    QVERIFY(!pixelsOf(shorter));
    std::mt19937 random(4);
    for (int n = 0; n < 2000; ++n) {
        CocoMask damaged = mask;
        for (char& c : damaged.counts)
            if (random() % 3 == 0)
                c = static_cast<char>(random());
        const auto back = pixelsOf(damaged);
        QVERIFY(!back || back->size() == 6);
    }
}

QTEST_APPLESS_MAIN(TestCocoRle)
#include "tst_coco_rle.moc"
