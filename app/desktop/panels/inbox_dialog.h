#pragma once

#include "app/workbench/inbox.h"

#include <QDialog>

class QCheckBox;
class QLabel;

namespace annotomy {

class ChoiceBar;
class FileChooser;
class FolderField;
class InboxControl;

// Which folder is watched for studies that others send, and what becomes of them.
class InboxDialog : public QDialog {
    Q_OBJECT

public:
    InboxDialog(InboxControl& inbox, FileChooser& chooser, QWidget* parent = nullptr);

    void setFolder(const QString& folder);
    InboxSetting setting() const;

private:
    void apply();

    InboxControl& m_inbox;
    QCheckBox* m_watch;
    FolderField* m_folder;
    ChoiceBar* m_keep;
    QLabel* m_problem;
};

} // namespace annotomy
