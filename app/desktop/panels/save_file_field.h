#pragma once

#include <QWidget>

class QLineEdit;

namespace annotomy {

class FileChooser;

// A file to write, typed or chosen in the system's dialog.
class SaveFileField : public QWidget {
    Q_OBJECT

public:
    explicit SaveFileField(FileChooser& chooser, QWidget* parent = nullptr);

    QString path() const;
    void setPath(const QString& path);
    void setFilter(const QString& filter); // of the system's dialog
    // Whether it may be written. False once for a file that exists: the user is to be asked, and to ask again is to agree. A file
    // chosen in the system's dialog has been asked about there.
    bool mayWrite();

Q_SIGNALS:
    void changed(); // what was agreed to is forgotten

private:
    void browse();

    FileChooser& m_chooser;
    QLineEdit* m_line;
    QString m_filter;
    QString m_replaced; // the existing file that the user agreed to replace
};

} // namespace annotomy
