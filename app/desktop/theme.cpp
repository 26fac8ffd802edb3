#include "app/desktop/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontMetricsF>
#include <QStyleFactory>
#include <QWidget>

#include <initializer_list>
#include <utility>

static void initialiseThemeImages()
{
    Q_INIT_RESOURCE(theme); // must stand outside of namespaces
}

namespace annotomy::theme {

namespace {

constexpr int fontPixels = 13;

QString firstInstalled(std::initializer_list<const char*> families)
{
    const QStringList installed = QFontDatabase::families();
    for (const char* family : families)
        if (installed.contains(QLatin1String(family)))
            return QLatin1String(family);
    return {};
}

QStringList interfaceFamilies()
{
    QStringList families;
    if (const QString latin = firstInstalled({"Inter", "Noto Sans", "Liberation Sans", "DejaVu Sans"});
        !latin.isEmpty())
        families << latin;
    if (const QString chinese = firstInstalled({"Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei"});
        !chinese.isEmpty())
        families << chinese;
    return families;
}

bool hasTabularFigures(const QFont& font)
{
    const QFontMetricsF metrics(font);
    const qreal zero = metrics.horizontalAdvance(QLatin1Char('0'));
    for (char digit = '1'; digit <= '9'; ++digit)
        if (qAbs(metrics.horizontalAdvance(QLatin1Char(digit)) - zero) > 0.01)
            return false;
    return true;
}

QPalette darkPalette()
{
    QPalette palette;
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, card);
    palette.setColor(QPalette::AlternateBase, panel);
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, line);
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::Highlight, selection);
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::ToolTipBase, line);
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::PlaceholderText, faintText);
    palette.setColor(QPalette::Link, blue);
    palette.setColor(QPalette::LinkVisited, violet);
    palette.setColor(QPalette::Light, QColor(0x2b, 0x33, 0x3b));
    palette.setColor(QPalette::Midlight, line);
    palette.setColor(QPalette::Mid, line);
    palette.setColor(QPalette::Dark, window);
    palette.setColor(QPalette::Shadow, Qt::black);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(0x5a, 0x65, 0x70));
    return palette;
}

// The sheet names colours by @name, so that theme.h stays the one place that defines them.
QString styleSheet()
{
    QString sheet = QString::fromLatin1(
#include "app/desktop/theme.qss.inc"
    );
    const std::initializer_list<std::pair<const char*, QColor>> colours = {
        {"@secondaryText", secondaryText},
        {"@faintText", faintText},
        {"@greenButton", greenButton},
        {"@selection", selection},
        {"@window", window},
        {"@panel", panel},
        {"@card", card},
        {"@line", line},
        {"@text", text},
        {"@blue", blue},
        {"@amber", amber},
        {"@green", green},
        {"@red", red},
    };
    for (const auto& [name, colour] : colours)
        sheet.replace(QLatin1String(name), colour.name());
    return sheet;
}

} // namespace

void applyTo(QApplication& application)
{
    initialiseThemeImages();
    application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    application.setPalette(darkPalette());
    QFont font = application.font();
    if (const QStringList families = interfaceFamilies(); !families.isEmpty())
        font.setFamilies(families);
    font.setPixelSize(fontPixels);
    font.setHintingPreference(QFont::PreferNoHinting);
    application.setFont(font);
    application.setStyleSheet(styleSheet());
}

QFont tabularFont(qreal pointSizeDelta)
{
    QFont font = QApplication::font();
    if (!hasTabularFigures(font)) {
        // Qt 6.4 cannot switch a font's tabular figures on (QFont::setFeature came with 6.7).
        if (const QString family = firstInstalled({"Noto Sans", "Liberation Sans", "DejaVu Sans"});
            !family.isEmpty())
            font.setFamilies(QStringList{family} + font.families());
    }
    if (font.pixelSize() > 0)
        font.setPixelSize(qMax(8, font.pixelSize() + qRound(pointSizeDelta)));
    else
        font.setPointSizeF(qMax(6.0, font.pointSizeF() + pointSizeDelta));
    return font;
}

void setRole(QWidget* widget, const char* role)
{
    widget->setProperty("role", QLatin1String(role));
}

} // namespace annotomy::theme
