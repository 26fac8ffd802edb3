#pragma once

#include "app/workbench/workbench.h"
#include "core/edit/document.h"
#include "core/edit/region.h"
#include "storage/workspace.h"

#include <QDateTime>
#include <QObject>

#include <memory>

namespace annotomy {

class JournalWriter;
struct MaskToAttach;

// A case opened for work: image, mask, undo history, and the journal that makes every edit durable. Lives on the GUI
// thread; journal transactions are committed on a thread of their own, in order, and confirmed by signal.
// An edit is confirmed when `confirmed` has been emitted for it; only a stroke still under the pressed button can be lost.
class CaseSession : public QObject {
    Q_OBJECT

public:
    // Takes the writer lease (else opens read-only, with the reason), restores mask and history from head and journal. `image` may
    // be null when the files are missing (masks can still be seen and exported).
    static Result<std::unique_ptr<CaseSession>> open(Workbench& workbench, CaseId id, Volume image,
                                                     const std::string& userName);
    ~CaseSession() override;

    const CaseRecord& record() const;
    const Document& document() const;
    bool readOnly() const;
    const std::string& readOnlyReason() const;
    bool hasUnsavedEdits() const; // since the last stored revision; they are safe in the journal all the same
    bool everythingConfirmed() const; // no stroke is open, and no edit waits for the journal
    void setUserName(const std::string& name);
    void setValues(const Volume& values); // those that masking by value means: the image shown, on the mask's grid; may be null

    // Editing. Each returns the box to repaint; the edit is queued for the journal. Errors: Conflict (locked segment,
    // read-only), or the error of a failed journal, until retryJournal() succeeds: painting stops meanwhile.
    Result<void> beginStroke(const EditContext& context);
    Result<IndexBox> continueStroke(const VoxelSelection& selection);
    Result<IndexBox> endStroke();
    IndexBox cancelStroke();
    Result<IndexBox> apply(const VoxelSelection& selection, EditContext context);
    Result<IndexBox> replaceLabels(const LabelMap& target, const std::string& tool);
    Result<SegmentNumber> addSegment(const std::string& name);
    Result<void> updateSegment(const Segment& segment);
    Result<IndexBox> removeSegment(SegmentNumber number);
    Result<IndexBox> undo();
    Result<IndexBox> redo();

    // Waits until everything queued is committed (or has failed), then stores a revision. Short: one transaction.
    Result<RevisionRecord> save(const std::string& note);
    // A mask that Workbench::readMask read, as attachLabels() takes it in where nobody has the case open: an edit that undo takes
    // back, stored as a revision with what else was unsaved. Errors: GeometryMismatch, TooManySegments, those of save().
    Result<RevisionRecord> attach(const MaskToAttach& mask);
    // Saves first. Errors: Conflict for a case without a revision and without segments, unless NoMask::Confirm says
    // that there is nothing to segment.
    Result<Pool> approve(const std::string& userName, NoMask noMask = NoMask::Refuse);
    bool flush(); // waits for the journal; false when it has failed
    void retryJournal();

Q_SIGNALS:
    void labelsChanged(const annotomy::IndexBox& box); // voxels
    void segmentsChanged();                            // the table
    void historyChanged();                             // undo/redo availability, unsaved state
    void confirmed(qint64 sequence, const QDateTime& when);
    void journalFailed(const annotomy::Error& error);
    void journalRecovered();

private:
    struct Impl;
    explicit CaseSession(std::unique_ptr<Impl> impl);
    Result<IndexBox> performed(const Result<Edit>& edit); // journals and announces it
    void announce(const Edit& edit);
    Result<void> requireStored(); // every edit is in the journal
    std::unique_ptr<Impl> m_impl;
};

} // namespace annotomy
