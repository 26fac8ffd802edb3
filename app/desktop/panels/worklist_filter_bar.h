#pragma once

#include "storage/records.h"

#include <QDate>
#include <QWidget>

#include <optional>

class QMenu;
class QToolButton;

namespace annotomy {

// The quiet line below the search field: modality and study date, each a menu that says what it leaves.
class WorklistFilterBar : public QWidget {
    Q_OBJECT

public:
    explicit WorklistFilterBar(QWidget* parent = nullptr);

    enum class Dates { Any, Today, Week, Month, Year, Between };

    void setModalities(const QStringList& modalities); // those to choose from
    const QStringList& modalities() const { return m_modalities; }
    void setModality(const QString& modality);         // empty: any
    void setDates(Dates dates);
    void setBetween(const QDate& from, const QDate& to); // both included
    bool restricts() const;
    void clear();
    void restrict(CaseFilter& filter, const QDate& today = QDate::currentDate()) const;
    void retranslate();

Q_SIGNALS:
    void changed();

private:
    void fillMenus();
    void askForDates();
    void showTexts();

    QToolButton* m_modalityButton;
    QToolButton* m_dateButton;
    QMenu* m_modalityMenu;
    QMenu* m_dateMenu;
    QStringList m_modalities;
    QString m_modality;
    Dates m_dates = Dates::Any;
    QDate m_from, m_to;
};

} // namespace annotomy
