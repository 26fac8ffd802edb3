#pragma once

#include <QString>
#include <QStringList>

class QWidget;

namespace annotomy {

// What a test cannot click: the system's file dialogs. Answers are empty when the user declined.
class FileChooser {
public:
    virtual ~FileChooser();
    virtual QString folder(QWidget* parent, const QString& title, const QString& start) = 0;
    virtual QStringList files(QWidget* parent, const QString& title) = 0;
    virtual QString file(QWidget* parent, const QString& title, const QString& start, const QString& filter) = 0;
    virtual QString saveFile(QWidget* parent, const QString& title, const QString& suggested,
                             const QString& filter) = 0;
};

FileChooser& systemFileChooser();

} // namespace annotomy
