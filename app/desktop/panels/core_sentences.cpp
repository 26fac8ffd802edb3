#include "app/desktop/panels/core_sentences.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <vector>

namespace annotomy {

namespace {

// As core spells them, with %1, %2, ... for what varies.
constexpr const char* sentences[] = {
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "This worker is built for the CPU alone, and an NVIDIA driver is loaded: build one for CUDA with "
                      "packaging/libtorch-cuda and the preset release-cuda."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "This worker is built for the CPU alone, and no NVIDIA driver is loaded."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "No CUDA device was found: no NVIDIA driver is loaded."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "No CUDA device was found: the NVIDIA driver's library libcuda.so.1 cannot be used."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "No CUDA device was found: the NVIDIA driver is too old for CUDA 12; install version 525 or newer."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "No CUDA device was found: the NVIDIA driver is loaded and shows none."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "No CUDA device can be used: the driver shows one and LibTorch cannot reach it."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The self-test's network gives other probabilities than on the CPU."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The memory of %1 ran out: the CPU is used."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The memory of %1 ran out: batches of %2 instead of %3 are used."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The memory of %1 ran out: patches of %2 instead of %3 voxels are used."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The memory of %1 ran out: results are gathered in the main memory."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "Drawn for \"%1\" by how unsure the model is there (entropy %2 nats, rank %3 of %4)"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "Drawn by how unsure the model is about it (entropy %1 nats, rank %2 of %3)"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "The model is unsure about it (entropy %1 nats, rank %2 of %3)"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The model finds nothing in it and is not sure of that (probability %1, rank %2 of %3)"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The two likeliest classes lie close together in it (1 - margin %1, rank %2 of %3)"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "The predictions disagree about it (1 - Dice %1, rank %2 of %3)"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "Least like the cases that are approved or chosen (distance %1)"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "The most typical of the cases, to begin with"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "Random share: drawn from all cases alike, as a control"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "Drawn at random from what the model takes for \"%1\" (%2 ml here)"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "Drawn at random"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "the source's %1 is not what DICOM allows there and was left out"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "the source image %1 has no %2: the file refers to no source images"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "the source images have no Series Instance UID: the file refers to no source images"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "the source images have no %1: a new one was given"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "the image was resampled onto an even grid: each slice refers to the source image nearest to it"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "the image has other slices than its files: the file refers to no source images"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "the image is no DICOM image: the file opens a study of its own and refers to no source images"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "the source's %1 is longer than DICOM allows and was cut"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "The values are SUV by body weight: %1."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "The values are %1, no SUV: %2."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "%1 of %2 slices are missing; their neighbours stand in for them."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "%1 of %2 slices cannot be decoded; their neighbours stand in for them (%3)."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The slices do not lie evenly (%1 to %2 mm apart); the mean spacing is used, so lengths and volumes cannot be measured unless the grid is regularised."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The slices do not lie evenly: their spacing changes within the series."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The gantry was tilted by %1 degrees; unless they are regularised, the slices are shown sheared, as "
                      "they lie."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The slices were resampled onto an even, untilted grid; they lay unevenly or tilted by %1 degrees."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The slices were resampled onto an even, untilted grid; they lay unevenly or tilted."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The image does not say where it lies in the patient; its axes are made up."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The image does not give its pixel spacing; 1 mm is used."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The images do not say how far apart they lie; 1 mm is used."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The pixel spacing is that of the detector: the patient, who lies before it, is smaller."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "There is one slice only; its thickness is taken for the spacing."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "This series is a single slice, not a volume."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The image is stored inverted (MONOCHROME1): low values are bright."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The spacing or course of the slices changes within the series; its parts are opened separately."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The series holds %1 images of every position (a sequence); this is number %2, %3."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The series holds %1 images of every position (a sequence); this is number %2."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "This series is a localiser: it shows where others lie."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The series holds images of several orientations or grids; they are opened separately."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "%1 file repeats slices that are there already; the copies are left out."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "%1 files repeat slices that are there already; the copies are left out."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "This image stays where it is: %1."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The file does not say how the image lies in the patient."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The file places the image in two different ways; the sform is used."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The file's sform is not a grid in space; the qform or the voxel size is used."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The file calls its orientation %1 but its axes are %2; the axes are used."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The file names a centre of rotation; the image is placed by its offset alone."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The image is stored in colour and shown so; measurements and models take its luminance."),
    // As cases of former versions have it recorded.
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The image is stored with a palette of colours; their luminance is read."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "The image is stored in colour; its luminance is read."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "The image is in colour; its luminance is shown and used."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The image carries overlay planes (drawings or text over it), which are not shown."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The image carries overlay planes (drawings or text over it), which are kept as segments."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The image carries overlay planes (drawings or text over it), which are blank."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The image carries overlay planes (drawings or text over it), which are not shown: %1."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "overlay \"%1\": what is drawn beside the image was left out"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "overlay %1 of %2 image (%3) was left out: %4"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "overlay %1 of %2 images (the first: %3) was left out: %4"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "overlays of %1 image off the image's grid were left out"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "overlays of %1 images off the image's grid were left out"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "overlay planes do not lie on the even grid that the image was resampled onto"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "the overlay's rows, columns or frames are missing or impossible"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "the overlay's data is smaller than its rows and columns"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "the overlay has no data"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "the overlay lies in a bit that the image's pixels do not have"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "the overlay lies in bits that the image itself uses"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "the overlay lies in the unused bits of compressed pixels, which do not keep them"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "the overlay lies in pixels of a kind whose unused bits are not read"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "segments overlap: where they do, the file holds the last one"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "the source images were compressed with loss, but do not say how: the file does not either"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "Text may be burned into the pixels of %1: look at it before it is handed on."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The image says of itself that text is burned into its pixels (Burned In Annotation is YES), and the pixels were not changed."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "An overlay lies in the upper bits of the pixels and was left there; it may hold text."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "The overlays, which may hold text, were removed."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "nnU-Net finds a data set by a folder name such as Dataset001_Name, which this one has not."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "Some cases have several channels: the pictures show the first."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "There are no cases of both training and validation: nnU-Net draws its own splits."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "%1: its channel \"%2\" is left out; other cases lack it."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "%1: its image \"%2\" is taken as \"%3\"."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "%1: segments overlap (%2); where they do, the file holds the first named."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "%1: \"%2\" was resampled to the grid of \"%3\"."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "%1 keeps its pool: %2."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "%1 is left out: the case has its mask from %2."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "%1 is left out: %2 annotates the same series."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "%1 is left out: %2."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "%1 has no image."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "%1 has no label."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "%1 is named in dataset.json but is not there."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "There is no dataset.json: the segments are named by their values."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "%1 is a channel that dataset.json does not name."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "Case %1 of %2 has no image of every channel."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "%1: the segment \"%2\" is called \"%3\"."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "%1: \"%2\" has number %3 there; it is written as %4, as in all cases."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "%1: \"%2\" is taken for \"%3\"."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The mask names another frame of reference than this image has (%1): look whether it lies where it should."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The mask was made on another series than this image (%1): look whether it lies where it should."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "ROI \"%1\": no closed contour, so its segment is empty"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "ROI \"%1\": drawn wholly outside of the image, so its segment is empty"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "ROI \"%1\": %2 contour of %3 outside of the image's slices left out"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "ROI \"%1\": %2 contours of %3 outside of the image's slices left out"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "ROI \"%1\": %2 contour clipped at the image's border"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "ROI \"%1\": %2 contours clipped at the image's border"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "ROI \"%1\": %2 slice between its contours without one stay empty"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "ROI \"%1\": %2 slices between its contours without one stay empty"),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "No training case holds a voxel of \"%1\": it will not be found."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "%1 and %2 are one image in the %3 and the %4 pool: figures on it prove nothing."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "%1 and %2 are one image under two patients."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "%1 and %2 are one image with different masks."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "\"%1\" and \"%2\" are learnt as two classes: rename one of them if they are the same."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "Spacings lie far apart along axis %1: %2 mm in %3, %4 mm in %5; what is learnt on one may not be found on the other."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "Only %1 cases train: expect proposals to be rough."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "The images are seen at %1 mm instead of %2 mm, so that a patch shows enough of them."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "A light network is taken: a larger one would not see %1 steps in %2 minutes, or not fit into memory."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "One more model, trained on another number of cases, makes a forecast possible."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "%1 more models, trained on other numbers of cases, make a forecast possible."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "Further cases like these are not expected to help: Dice does not rise with their number."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "Further cases like these are not expected to help: at Dice %1 the curve is near its plateau, %2 (%3 to %4, 95 %)."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "Further cases like these are not expected to help: at Dice %1 the curve is near its plateau, %2 (%3 to %4, 95 %); a gain of up to %5 is not ruled out."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "1 more case is expected to raise Dice from %1 to %2 (%3 to %4, 95 %); the plateau is %5 (%6 to %7, 95 %)."),
    QT_TRANSLATE_NOOP("annotomy::CoreSentences",
                      "About %1 more cases are expected to raise Dice from %2 to %3 (%4 to %5, 95 %); the plateau is %6 (%7 to %8, 95 %)."),
};

struct Template {
    const char* english;
    QRegularExpression pattern;
    std::vector<int> places; // the number of each placeholder, in order of appearance
};

Template templateOf(const char* english)
{
    static const QRegularExpression placeholder(QStringLiteral("%([1-9])"));
    Template made{english, {}, {}};
    const QString text = QString::fromUtf8(english);
    QString pattern = QStringLiteral("^");
    qsizetype from = 0;
    for (auto match = placeholder.globalMatch(text); match.hasNext();) {
        const auto found = match.next();
        pattern += QRegularExpression::escape(text.mid(from, found.capturedStart() - from)) + QStringLiteral("(.+?)");
        made.places.push_back(found.captured(1).toInt());
        from = found.capturedEnd();
    }
    pattern += QRegularExpression::escape(text.mid(from)) + QStringLiteral("$");
    made.pattern = QRegularExpression(pattern, QRegularExpression::DotMatchesEverythingOption);
    return made;
}

const std::vector<Template>& templates()
{
    static const std::vector<Template> all = [] {
        std::vector<Template> made;
        for (const char* english : sentences)
            made.push_back(templateOf(english));
        return made;
    }();
    return all;
}

QString withoutFullStop(QString text)
{
    text = text.simplified();
    while (text.endsWith(QLatin1Char('.')) || text.endsWith(QStringLiteral("。")))
        text.chop(1);
    return text;
}

// A reason that a sentence ends with may be one of core's own.
QString translatedClause(const QString& english)
{
    const auto& all = templates();
    const auto known = std::find_if(all.begin(), all.end(), [&](const Template& candidate) {
        return candidate.places.empty() && english == QString::fromUtf8(candidate.english);
    });
    return known == all.end() ? english : QCoreApplication::translate("annotomy::CoreSentences", known->english);
}

} // namespace

QString translatedSentence(const std::string& english)
{
    const QString text = QString::fromStdString(english);
    for (const Template& candidate : templates()) {
        const auto match = candidate.pattern.match(text);
        if (!match.hasMatch())
            continue;
        QString translated = QCoreApplication::translate("annotomy::CoreSentences", candidate.english);
        QString result;
        for (qsizetype at = 0; at < translated.size(); ++at) { // one pass: what was captured may hold a percent sign
            const bool isPlace = translated[at] == QLatin1Char('%') && at + 1 < translated.size();
            const int place = isPlace ? translated[at + 1].digitValue() : -1;
            const auto found = std::find(candidate.places.begin(), candidate.places.end(), place);
            if (place < 1 || found == candidate.places.end()) {
                result += translated[at];
                continue;
            }
            result += translatedClause(match.captured(static_cast<int>(found - candidate.places.begin()) + 1));
            ++at;
        }
        return withoutFullStop(result);
    }
    return withoutFullStop(text);
}

} // namespace annotomy
