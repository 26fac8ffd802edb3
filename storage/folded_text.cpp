#include "storage/folded_text.h"

#include <QString>
#include <QStringList>

namespace annotomy {

namespace {

QString folded(const std::string& text)
{
    const QString decomposed =
        QString::fromStdString(text).normalized(QString::NormalizationForm_KD).toCaseFolded();
    QString result;
    for (const QChar c : decomposed) {
        const bool isAccent = c.unicode() >= 0x0300 && c.unicode() <= 0x036F;
        const bool separates = c == QLatin1Char('^') || c == QLatin1Char('=');
        if (c.unicode() == 0x00DF)
            result += QStringLiteral("ss"); // Qt folds letter by letter
        else if (!isAccent)
            result += separates ? QChar(QLatin1Char(' ')) : c;
    }
    return result.normalized(QString::NormalizationForm_KC).simplified();
}

} // namespace

std::string foldedText(const std::string& text)
{
    return folded(text).toStdString();
}

std::vector<std::string> foldedWords(const std::string& text)
{
    std::vector<std::string> words;
    for (const QString& word : folded(text).split(QLatin1Char(' '), Qt::SkipEmptyParts))
        words.push_back(word.toStdString());
    return words;
}

} // namespace annotomy
