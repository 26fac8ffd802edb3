#pragma once

#include <QStringList>
#include <QWidget>

#include <string>
#include <vector>

class QListWidget;
class QMimeData;

namespace annotomy {

class FileChooser;

// Files and folders to work on: added through the system's dialogs or dropped, each once.
class PathList : public QWidget {
    Q_OBJECT

public:
    PathList(FileChooser& chooser, QWidget* parent = nullptr);

    void setNames(const QString& accessibleName, const QString& folderTitle, const QString& filesTitle);
    void add(const QStringList& paths); // duplicates are left out
    void clear();
    QStringList paths() const;
    std::vector<std::string> nativePaths() const; // UTF-8

Q_SIGNALS:
    void changed();

private:
    FileChooser& m_chooser;
    QListWidget* m_list;
    QString m_folderTitle, m_filesTitle;
};

// The local files and folders of what is dragged.
QStringList localPaths(const QMimeData& data);

} // namespace annotomy
