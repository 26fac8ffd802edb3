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
    QT_TRANSLATE_NOOP("annotomy::CoreSentences", "%1 of %2 slices are missing; their neighbours stand in for them."),
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
            result += match.captured(static_cast<int>(found - candidate.places.begin()) + 1);
            ++at;
        }
        return withoutFullStop(result);
    }
    return withoutFullStop(text);
}

} // namespace annotomy
