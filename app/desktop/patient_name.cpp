#include "app/desktop/patient_name.h"

#include <QStringList>

#include <algorithm>

namespace annotomy {

namespace {

bool latin(const QString& text)
{
    return std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 0x2e80; });
}

QString readableGroup(const QString& group)
{
    const QStringList parts = group.split(QLatin1Char('^'));
    QStringList given;
    for (const QString& part : parts.mid(1))
        if (!part.trimmed().isEmpty())
            given << part.trimmed();
    const QString family = parts.front().trimmed();
    if (given.isEmpty() || family.isEmpty())
        return family + given.join(QLatin1Char(' '));
    return latin(group) ? family + QStringLiteral(", ") + given.join(QLatin1Char(' ')) : family + given.join(QString());
}

} // namespace

QString readableName(const std::string& personName)
{
    const QString name = QString::fromStdString(personName);
    if (!name.contains(QLatin1Char('^')))
        return name;
    QStringList groups;
    for (const QString& group : name.split(QLatin1Char('=')))
        if (const QString readable = readableGroup(group); !readable.isEmpty())
            groups << readable;
    return groups.join(QLatin1Char(' '));
}

} // namespace annotomy
