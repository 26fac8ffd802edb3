#pragma once

#include "app/desktop/case_channels.h"
#include "app/desktop/job_runner.h"
#include "app/workbench/case_session.h"
#include "viewer/view_state.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>

namespace annotomy {

class CaseMaps;
class InboxControl;

// The case in work: opens it in the background, holds its session and view state, and offers what panels do
// with it. Panels hold this, never each other. GUI thread.
class CaseController : public QObject {
    Q_OBJECT

public:
    CaseController(Workbench& workbench, JobRunner& jobs, QObject* parent = nullptr);
    ~CaseController() override;

    Workbench& workbench();
    JobRunner& jobs();
    ViewState* view();
    CaseChannels& channels(); // the open case's images
    CaseMaps& maps();         // what the model is unsure of in it, and looks at
    void retranslate();       // what stands over the images
    InboxControl& inbox();
    CaseSession* session(); // null when no case is open
    CaseId caseId() const;

    QString userName() const;
    void setUserName(const QString& name); // kept as a setting; "" asks at the first approval
    // How approve() asks who signs; an empty answer means that nobody does. Set by the window.
    void setNamePrompt(std::function<QString()> prompt);
    // How approve() asks whether there is nothing to segment in a case without any segment; unset: no. Set by the window.
    void setEmptyPrompt(std::function<bool()> prompt);

    void openCase(CaseId id); // closes the present one; edits are in the journal already
    bool opening() const;     // a case is being read; caseOpened or failed follows
    void closeCase();
    void save();
    // Takes a mask that was read for the open case into it: undoable, and stored as a revision. Errors: those of the session.
    Result<RevisionRecord> attach(const MaskToAttach& mask);
    void approve(); // asks for the name when none is set
    void propose(); // the current case
    void takeProposal(CaseId id); // one has been stored: shows it if the case is open
    void undo();
    void redo();

    // The newest proposal that was neither accepted nor rejected, shown as a difference.
    std::optional<RevisionRecord> pendingProposal() const;
    void acceptProposal();
    void rejectProposal();
    void revertTo(RevisionId revision);    // as an edit: undoable
    void compareWith(RevisionId revision); // outlines in the panes; 0 ends it
    RevisionId comparedWith() const;       // 0: nothing
    RevisionId shownProposal() const;      // the pending one, when there is one

    // Shows a failure in the notice area; a cancelled job only in the status bar.
    void report(const Error& error);

Q_SIGNALS:
    void caseOpened();
    void caseClosed();
    void caseListChanged(); // states, thumbnails or cases changed: re-read them
    void modelsChanged();
    void revisionsChanged();
    void proposalChanged();
    void userChanged();
    void message(const QString& text);                                   // for the status bar
    void hint(const QString& text);                                      // for the notice area, for a while
    void failed(const annotomy::Error& error);                           // for the notice area
    void fileMissing(annotomy::CaseId id, const annotomy::Error& error); // offer to point to the study again

private:
    void showOpened(CaseId id, Result<Volume> image);
    void tellDamage();
    void openChannels(const Volume& primary);
    void connectSession();
    void showPendingProposal();
    bool mayEdit(); // false: no case, or read-only, which is then told
    bool decideProposal(const RevisionRecord& proposal, const char* kind);

    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace annotomy
