#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace annotomy {

// What stands in the middle while no case is open: how to begin, or that one is being read.
class EmptyState : public QWidget {
    Q_OBJECT

public:
    explicit EmptyState(QWidget* parent = nullptr);

    enum class Situation { NoCases, NothingOpen, Opening };
    void setSituation(Situation situation);

Q_SIGNALS:
    void importFolderRequested();
    void importFilesRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* m_heading;
    QLabel* m_text;
    QPushButton* m_folder;
    QPushButton* m_files;
    bool m_frame = true; // the dashed outline that says: drop here
};

} // namespace annotomy
