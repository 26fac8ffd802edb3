#pragma once

#include <QWidget>

class QLineEdit;

namespace annotomy {

class FileChooser;

// A folder, typed or chosen.
class FolderField : public QWidget {
    Q_OBJECT

public:
    FolderField(FileChooser& chooser, const QString& title, QWidget* parent = nullptr); // of the field and of the dialog

    QString folder() const;
    void setFolder(const QString& folder);
    void setHint(const QString& hint); // shown while it is empty

Q_SIGNALS:
    void changed();

private:
    FileChooser& m_chooser;
    QString m_title;
    QLineEdit* m_line;
};

} // namespace annotomy
