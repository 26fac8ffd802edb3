#pragma once

#include "app/desktop/panels/mask_figures.h"
#include "storage/records.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <optional>

class QComboBox;
class QLabel;
class QTableView;

namespace annotomy {

class Card;
class CaseController;
class FigureRow;
class Job;
class SegmentFiguresModel;

// What this case's correction has cost: the present mask against a proposal, an older revision or the
// reference. Figures are computed in a job once edits have rested.
class CasePanel : public QWidget {
    Q_OBJECT

public:
    explicit CasePanel(CaseController& controller, QWidget* parent = nullptr);

    void showFigures(const MaskFigures& figures);
    void showStrokes(int strokes);
    RevisionId comparedWith() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void buildTable();
    void showChanged();
    void showNote(); // whether figures can be measured at all, and whether the grid is the scanner's own
    void connectController();
    void retranslate();
    void watchSession();
    void fillRevisions();
    void invalidate(); // figures are of an older mask: compute again when edits rest
    void compute();
    void clear();

    CaseController& m_controller;
    Card* m_card;
    QComboBox* m_compareWith;
    FigureRow* m_dice;
    FigureRow* m_hd95;
    FigureRow* m_changed;
    std::optional<double> m_changedMl;
    int m_strokes = 0;
    QLabel* m_note;
    SegmentFiguresModel* m_model;
    QTableView* m_table;
    QTimer m_rest;
    QPointer<Job> m_job;
    quint64 m_generation = 0; // of the mask: results of an older one are dropped
};

// "Proposal by model-3", "Reference mask.nii.gz", "14:05 Ada": how lists name a revision.
QString revisionName(const RevisionRecord& revision);

} // namespace annotomy
