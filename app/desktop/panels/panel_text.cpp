#include "app/desktop/panels/panel_text.h"

#include "app/desktop/panels/core_sentences.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace annotomy::paneltext {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(annotomy::PanelText)
};

const QString dash = QStringLiteral("–");

struct Named {
    const char* key;
    const char* text;
};

template <std::size_t N>
const char* lookUp(const std::array<Named, N>& names, const std::string& key)
{
    for (const Named& name : names)
        if (key == name.key)
            return name.text;
    return nullptr;
}

int decimalsOf(double ml)
{
    const double size = std::abs(ml);
    return size < 10 ? 2 : size < 100 ? 1 : 0;
}

} // namespace

QString dice(const std::optional<double>& value)
{
    return value && std::isfinite(*value) ? QString::number(*value, 'f', 3) : dash;
}

QString millimetres(const std::optional<double>& value)
{
    return value && std::isfinite(*value) ? Words::tr("%1 mm").arg(*value, 0, 'f', 1) : dash;
}

QString millilitres(const std::optional<double>& value)
{
    return value && std::isfinite(*value) ? Words::tr("%1 ml").arg(*value, 0, 'f', decimalsOf(*value)) : dash;
}

QString signedMillilitres(double value)
{
    const QString sign = std::signbit(value) ? QStringLiteral("−") : QStringLiteral("+");
    return sign + millilitres(std::abs(value));
}

QString timeLeft(double seconds)
{
    if (!(seconds >= 0) || seconds > 1e7)
        return {};
    if (seconds < 60)
        return Words::tr("%1 s left").arg(std::max(1, static_cast<int>(std::lround(seconds))));
    const int minutes = static_cast<int>(std::lround(seconds / 60));
    if (minutes < 60)
        return Words::tr("%1 min left").arg(minutes);
    return Words::tr("%1 h %2 min left").arg(minutes / 60).arg(minutes % 60);
}

QString stage(const std::string& stage)
{
    static constexpr std::array names{
        Named{"scanning", QT_TRANSLATE_NOOP("annotomy::PanelText", "Reading headers")},
        Named{"copying", QT_TRANSLATE_NOOP("annotomy::PanelText", "Copying files")},
        Named{"importing", QT_TRANSLATE_NOOP("annotomy::PanelText", "Recording cases")},
        Named{"masks", QT_TRANSLATE_NOOP("annotomy::PanelText", "Reading masks")},
        Named{"thumbnails", QT_TRANSLATE_NOOP("annotomy::PanelText", "Making thumbnails")},
        Named{"decoding", QT_TRANSLATE_NOOP("annotomy::PanelText", "Decoding images")},
        Named{"sending", QT_TRANSLATE_NOOP("annotomy::PanelText", "Sending files")},
        Named{"loading", QT_TRANSLATE_NOOP("annotomy::PanelText", "Loading")},
        Named{"preparing", QT_TRANSLATE_NOOP("annotomy::PanelText", "Preparing")},
        Named{"planning", QT_TRANSLATE_NOOP("annotomy::PanelText", "Planning")},
        Named{"training", QT_TRANSLATE_NOOP("annotomy::PanelText", "Training")},
        Named{"validating", QT_TRANSLATE_NOOP("annotomy::PanelText", "Validating")},
        Named{"calibrating", QT_TRANSLATE_NOOP("annotomy::PanelText", "Calibrating")},
        Named{"gate", QT_TRANSLATE_NOOP("annotomy::PanelText", "Comparing with the current model")},
        Named{"tiles", QT_TRANSLATE_NOOP("annotomy::PanelText", "Proposing")},
        Named{"scoring", QT_TRANSLATE_NOOP("annotomy::PanelText", "Looking at images")},
        Named{"explaining", QT_TRANSLATE_NOOP("annotomy::PanelText", "Explaining")},
        Named{"saving", QT_TRANSLATE_NOOP("annotomy::PanelText", "Saving")},
        Named{"comparing", QT_TRANSLATE_NOOP("annotomy::PanelText", "Comparing")},
        Named{"exporting", QT_TRANSLATE_NOOP("annotomy::PanelText", "Exporting")},
        Named{"deidentifying", QT_TRANSLATE_NOOP("annotomy::PanelText", "De-identifying")},
        Named{"counting", QT_TRANSLATE_NOOP("annotomy::PanelText", "Adding up the work")},
        Named{"testing", QT_TRANSLATE_NOOP("annotomy::PanelText", "Testing the devices")},
        Named{"searching", QT_TRANSLATE_NOOP("annotomy::PanelText", "Searching")},
    };
    if (stage.empty())
        return Words::tr("Starting");
    const char* text = lookUp(names, stage);
    return text ? Words::tr(text) : QString::fromStdString(stage);
}

QString filesText(std::int64_t done, std::int64_t found, double perSecond)
{
    if (found <= 0)
        return {};
    const QLocale locale;
    const QString counts = Words::tr("%1 of %2 files").arg(locale.toString(static_cast<qlonglong>(done)),
                                                           locale.toString(static_cast<qlonglong>(found)));
    if (!(perSecond >= 1))
        return counts;
    const auto rate = static_cast<qlonglong>(std::llround(perSecond));
    return counts + QStringLiteral(" · ") + Words::tr("%1 files/s").arg(locale.toString(rate));
}

QString when(std::int64_t timeMs)
{
    if (timeMs <= 0)
        return dash;
    return QDateTime::fromMSecsSinceEpoch(timeMs).toString(QStringLiteral("yyyy-MM-dd  HH:mm"));
}

bool isNotice(const std::string& code)
{
    static constexpr std::array notices{"suvBodyWeight", "severalTimePoints", "regularised", "monochrome1", "colour"};
    return std::any_of(notices.begin(), notices.end(), [&code](const char* notice) { return code == notice; });
}

QString warning(const std::string& code, const std::string& text)
{
    static constexpr std::array names{
        Named{"missingSlice", QT_TRANSLATE_NOOP("annotomy::PanelText", "slices are missing")},
        Named{"damagedSlice", QT_TRANSLATE_NOOP("annotomy::PanelText", "slices cannot be decoded")},
        Named{"duplicateSlice", QT_TRANSLATE_NOOP("annotomy::PanelText", "slices occur twice")},
        Named{"unevenSpacing", QT_TRANSLATE_NOOP("annotomy::PanelText", "slice spacing is uneven")},
        Named{"spacingChanges", QT_TRANSLATE_NOOP("annotomy::PanelText", "slice spacing changes")},
        Named{"regularised", QT_TRANSLATE_NOOP("annotomy::PanelText", "resampled onto an even grid")},
        Named{"placeUnknown", QT_TRANSLATE_NOOP("annotomy::PanelText", "place in the patient unknown")},
        Named{"detectorSpacing", QT_TRANSLATE_NOOP("annotomy::PanelText", "voxel size is the detector's")},
        Named{"suvBodyWeight", QT_TRANSLATE_NOOP("annotomy::PanelText", "values are SUV by body weight")},
        Named{"noSuv", QT_TRANSLATE_NOOP("annotomy::PanelText", "no SUV: the header does not allow it")},
        Named{"gantryTilt", QT_TRANSLATE_NOOP("annotomy::PanelText", "gantry is tilted")},
        Named{"mixedSpacing", QT_TRANSLATE_NOOP("annotomy::PanelText", "pixel spacing differs")},
        Named{"orientationUnknown", QT_TRANSLATE_NOOP("annotomy::PanelText", "orientation unknown")},
        Named{"singleSlice", QT_TRANSLATE_NOOP("annotomy::PanelText", "a single slice")},
        Named{"localiser", QT_TRANSLATE_NOOP("annotomy::PanelText", "a localiser")},
        Named{"mixedOrientation",
              QT_TRANSLATE_NOOP("annotomy::PanelText", "several orientations in one series")},
        Named{"spacingUnknown", QT_TRANSLATE_NOOP("annotomy::PanelText", "voxel size unknown")},
        Named{"sformUnusable", QT_TRANSLATE_NOOP("annotomy::PanelText", "position in the file unusable")},
        Named{"sformAndQformDiffer",
              QT_TRANSLATE_NOOP("annotomy::PanelText", "two positions in the file disagree")},
        Named{"notCopied", QT_TRANSLATE_NOOP("annotomy::PanelText", "images were not copied")},
        Named{"severalTimePoints", QT_TRANSLATE_NOOP("annotomy::PanelText", "several time points")},
    };
    const char* known = lookUp(names, code);
    return known ? Words::tr(known) : translatedSentence(text.empty() ? code : text);
}

} // namespace annotomy::paneltext
