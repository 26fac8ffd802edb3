#pragma once

#include "app/desktop/case_controller.h"

#include <QObject>

#include <array>

namespace annotomy {

// Volumes of the segments of the open case in ml. Counted once in the background when a case opens, then kept
// up to date from the runs of each edit, undo and redo. GUI thread.
class SegmentVolumes : public QObject {
    Q_OBJECT

public:
    explicit SegmentVolumes(CaseController& controller, QObject* parent = nullptr);

    std::optional<double> millilitres(SegmentNumber number) const; // nothing while the first count runs
    double totalMillilitres() const;

Q_SIGNALS:
    void changed();

private:
    void connectSession();
    void countAll();
    void follow(); // adds what the history says has happened since the last call
    void add(const Edit& edit, std::int64_t sign);

    CaseController& m_controller;
    std::array<std::int64_t, 256> m_voxels{};
    bool m_known = false;
    quint64 m_generation = 0;                    // of the count under way
    std::vector<EditHistory::EditPtr> m_inForce; // the edits that m_voxels contains
};

} // namespace annotomy
