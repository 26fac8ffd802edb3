#pragma once

#include "app/desktop/panels/mask_figures.h"
#include "storage/records.h"

#include <QFrame>
#include <QTimer>

class QLabel;
class QPushButton;

namespace annotomy {

class CaseController;

// Stands over the panes while a proposal waits for an answer: what it would change, and Accept, Reject, Show
// difference. Shows and hides itself.
class ProposalBar : public QFrame {
    Q_OBJECT

public:
    explicit ProposalBar(CaseController& controller, QWidget* parent = nullptr);

    void showProposal(const RevisionRecord& proposal);
    void showFigures(const MaskFigures& figures); // other: present mask; present: the proposal

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void refresh();
    void compute();
    void watchSession();

    CaseController& m_controller;
    QLabel* m_model;
    QLabel* m_figures;
    QPushButton* m_difference;
    QPushButton* m_reject;
    QPushButton* m_accept;
    QTimer m_rest;
    RevisionRecord m_proposal;
    quint64 m_generation = 0;
};

// "+3.10 ml, −0.40 ml, Dice to yours 0.910"; without a mask of one's own, the proposed volume alone.
QString proposalSentence(const MaskFigures& figures);

} // namespace annotomy
