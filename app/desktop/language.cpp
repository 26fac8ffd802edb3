#include "app/desktop/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QSettings>
#include <QTranslator>

static void initialiseTranslations()
{
    Q_INIT_RESOURCE(translations); // must stand outside of namespaces
}

namespace annotomy {

namespace {

constexpr const char* settingKey = "language";

int systemLanguage()
{
    const QLocale system = QLocale::system();
    return system.language() == QLocale::Chinese && system.script() != QLocale::TraditionalHanScript ? 1 : 0;
}

} // namespace

QStringList Language::codes()
{
    return {QStringLiteral("en"), QStringLiteral("zh_CN")};
}

QStringList Language::ownNames()
{
    return {QStringLiteral("English"), QStringLiteral("简体中文")};
}

Language::Language()
{
    initialiseTranslations();
    const qsizetype kept = codes().indexOf(QSettings().value(QLatin1String(settingKey)).toString());
    use(kept >= 0 ? static_cast<int>(kept) : systemLanguage());
}

Language::~Language()
{
    for (const auto& translator : m_translators)
        QCoreApplication::removeTranslator(translator.get());
}

void Language::use(int index)
{
    for (const auto& translator : m_translators)
        QCoreApplication::removeTranslator(translator.get());
    m_translators.clear();
    m_current = index;
    const QLocale locale(codes()[index]);
    QLocale::setDefault(locale);
    if (index == 0)
        return; // the strings in the source are English
    const auto load = [this, &locale](const QString& name, const QString& folder) {
        auto translator = std::make_unique<QTranslator>();
        if (!translator->load(locale, name, QStringLiteral("_"), folder))
            return;
        QCoreApplication::installTranslator(translator.get());
        m_translators.push_back(std::move(translator));
    };
    load(QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    load(QStringLiteral("annotomy"), QStringLiteral(":/translations"));
}

void Language::choose(int index)
{
    use(index);
    QSettings().setValue(QLatin1String(settingKey), codes()[index]);
}

} // namespace annotomy
