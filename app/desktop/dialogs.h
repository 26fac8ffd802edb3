#pragma once

#include "app/desktop/case_controller.h"

#include <QObject>

class QWidget;

namespace annotomy {

// Opens the window's dialogs over it.
class Dialogs : public QObject {
    Q_OBJECT

public:
    Dialogs(CaseController& controller, QWidget* window);
    ~Dialogs() override;

    void import(const QStringList& paths); // may be empty: the dialog asks for them
    void takeDropped(const QStringList& paths); // not empty
    void importFolder();
    void importFiles();
    void exportMask();
    void exportImage();                    // of the open case
    void attachMask(const QString& file); // to the open case; may be empty, as above
    void exportDataset();
    void deidentify();
    void showRevisions();
    void showStudy(); // what is known of the open case
    void relinkAll();
    void inbox();
    void showModels();
    void propose(); // for the open case, by chosen models
    void planTraining();
    void judgeModel();
    void showCompute();

Q_SIGNALS:
    void trainingWanted(const annotomy::TrainOptions& options);

private:
    void relink(CaseId id, const Error& error);
    bool confirmEmpty();

    CaseController& m_controller;
    QWidget* m_window;
};

} // namespace annotomy
