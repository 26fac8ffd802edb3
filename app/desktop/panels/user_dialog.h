#pragma once

#include <QDialog>
#include <QToolButton>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace annotomy {

class CaseController;

// Who is reading: a name from the workspace's list, or a new one.
class UserDialog : public QDialog {
    Q_OBJECT

public:
    UserDialog(const QStringList& known, const QString& present, QWidget* parent = nullptr);
    QString name() const;                  // without surrounding blanks
    void setReason(const QString& reason); // a line above the list: what the name is needed for

    // Asks, keeps the answer with the controller and the workspace's users, and returns it; empty when
    // declined.
    static QString ask(CaseController& controller, QWidget* parent);
    // The present name, asked for when there is none.
    static QString nameOrAsk(CaseController& controller, QWidget* parent);

private:
    void choose();

    QListWidget* m_known;
    QLineEdit* m_name;
    QPushButton* m_accept;
    QLabel* m_reason;
};

// The reader's name at the window's edge; a click asks for another.
class UserChip : public QToolButton {
    Q_OBJECT

public:
    explicit UserChip(CaseController& controller, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void showName();

    CaseController& m_controller;
};

} // namespace annotomy
