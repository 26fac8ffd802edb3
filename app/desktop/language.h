#pragma once

#include <QString>
#include <QStringList>

#include <memory>
#include <vector>

class QTranslator;

namespace annotomy {

// The languages of the window and the one in use. The choice is kept as a setting; without one the system's
// language is taken where there is a translation of it.
class Language {
public:
    Language();
    ~Language();

    static QStringList codes();    // "en", "zh_CN"
    static QStringList ownNames(); // in the same order
    int current() const { return m_current; }
    void use(int index);    // for this run
    void choose(int index); // use, and keep as the setting

private:
    int m_current = -1;
    std::vector<std::unique_ptr<QTranslator>> m_translators; // ours and Qt's own
};

} // namespace annotomy
