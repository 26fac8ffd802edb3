#include "app/desktop/panels/file_chooser.h"

#include <QFileDialog>

namespace annotomy {

namespace {

class SystemFileChooser : public FileChooser {
public:
    QString folder(QWidget* parent, const QString& title, const QString& start) override
    {
        return QFileDialog::getExistingDirectory(parent, title, start);
    }
    QStringList files(QWidget* parent, const QString& title) override
    {
        return QFileDialog::getOpenFileNames(parent, title);
    }
    QString file(QWidget* parent, const QString& title, const QString& start, const QString& filter) override
    {
        return QFileDialog::getOpenFileName(parent, title, start, filter);
    }
    QString saveFile(QWidget* parent, const QString& title, const QString& suggested,
                     const QString& filter) override
    {
        return QFileDialog::getSaveFileName(parent, title, suggested, filter);
    }
};

} // namespace

FileChooser::~FileChooser() = default;

FileChooser& systemFileChooser()
{
    static SystemFileChooser chooser;
    return chooser;
}

} // namespace annotomy
