#include "app/desktop/case_controller_impl.h"
#include "app/desktop/panels/core_sentences.h"
#include "app/desktop/patient_name.h"
#include "app/workbench/errors.h"
#include "app/workbench/mask_attachment.h"

#include <QDate>
#include <QLocale>
#include <QSettings>

#include <utility>

namespace annotomy {

namespace {

constexpr const char* userNameKey = "user/name";

QString isoDate(const std::string& dicomDate)
{
    const QDate date = QDate::fromString(QString::fromStdString(dicomDate), QStringLiteral("yyyyMMdd"));
    return date.isValid() ? date.toString(Qt::ISODate) : QString::fromStdString(dicomDate);
}

OverlayText overlayTextOf(const CaseRecord& record)
{
    const ImageInfo& info = record.series.info;
    const std::string& patient = record.patientName.empty() ? record.patientKey : record.patientName;
    const std::string& series =
        info.seriesDescription.empty() ? info.studyDescription : info.seriesDescription;
    QStringList seriesParts;
    for (const std::string& part : {info.modality, series})
        if (!part.empty() && part != "OT" && part != patient)
            seriesParts << QString::fromStdString(part);
    return {readableName(patient), seriesParts.join(QStringLiteral(" · ")), isoDate(info.studyDate)};
}

// What must be known of the image wherever it is looked at.
QString markOf(const ImageInfo& info)
{
    if (!isMeasurable(info))
        return CaseController::tr("not to be measured");
    return hasWarning(info, "regularised") ? CaseController::tr("regularised grid") : QString();
}

SegmentNumber firstSegment(const LabelMap& labels)
{
    const auto& segments = labels.segments().segments();
    return segments.empty() ? background : segments.front().number;
}

} // namespace

CaseController::CaseController(Workbench& workbench, JobRunner& jobs, QObject* parent)
    : QObject(parent), m_impl(new Impl(workbench, jobs))
{
    m_impl->inbox = std::make_unique<InboxControl>(*this);
    m_impl->maps = new CaseMaps(*this);
    connect(&m_impl->channels, &CaseChannels::failed, this, &CaseController::failed);
    connect(&m_impl->view, &ViewState::valuesChanged, this, [this] {
        if (m_impl->session)
            m_impl->session->setValues(m_impl->view.values());
    });
}

CaseController::~CaseController()
{
    if (m_impl->session)
        m_impl->session->flush();
}

Workbench& CaseController::workbench()
{
    return m_impl->workbench;
}

JobRunner& CaseController::jobs()
{
    return m_impl->jobs;
}

ViewState* CaseController::view()
{
    return &m_impl->view;
}

CaseChannels& CaseController::channels()
{
    return m_impl->channels;
}

CaseMaps& CaseController::maps()
{
    return *m_impl->maps;
}

InboxControl& CaseController::inbox()
{
    return *m_impl->inbox;
}

CaseSession* CaseController::session()
{
    return m_impl->session.get();
}

CaseId CaseController::caseId() const
{
    return m_impl->caseId;
}

bool CaseController::opening() const
{
    return bool(m_impl->openingId);
}

QString CaseController::userName() const
{
    return QSettings().value(QLatin1String(userNameKey)).toString();
}

void CaseController::setUserName(const QString& name)
{
    QSettings().setValue(QLatin1String(userNameKey), name.trimmed());
    if (m_impl->session)
        m_impl->session->setUserName(userName().toStdString());
    Q_EMIT userChanged();
}

void CaseController::setNamePrompt(std::function<QString()> prompt)
{
    m_impl->namePrompt = std::move(prompt);
}

void CaseController::setEmptyPrompt(std::function<bool()> prompt)
{
    m_impl->emptyPrompt = std::move(prompt);
}

void CaseController::openCase(CaseId id)
{
    if (id == m_impl->caseId && m_impl->session)
        return;
    if (m_impl->openingJob) {
        if (id == m_impl->openingId)
            return;
        m_impl->openingJob->cancel();
    }
    closeCase();
    m_impl->openingId = id;
    m_impl->openingJob = m_impl->jobs.run<Volume>(
        Job::Kind::Open, {staticMetaObject, QT_TR_NOOP("Opening the study")}, this,
        [id](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return workbench.image(id, stop, report);
        },
        [this, id](Result<Volume> image) { showOpened(id, std::move(image)); });
}

void CaseController::showOpened(CaseId id, Result<Volume> image)
{
    if (id != m_impl->openingId)
        return; // another case was chosen meanwhile
    m_impl->openingId = {};
    m_impl->openingJob = nullptr;
    if (!image) {
        if (image.error().code == ErrorCode::NotFound)
            Q_EMIT fileMissing(id, image.error());
        else
            report(image.error());
        return;
    }
    const Volume volume = *image;
    auto session = CaseSession::open(m_impl->workbench, id, volume, userName().toStdString());
    if (!session)
        return report(session.error());
    m_impl->session = std::move(*session);
    m_impl->caseId = id;
    m_impl->view.overlayText = overlayTextOf(m_impl->session->record());
    m_impl->view.overlayText.mark = markOf(m_impl->session->record().series.info);
    m_impl->view.setImage(volume, m_impl->session->record().series.info);
    m_impl->view.setLabels(&m_impl->session->document().labels());
    m_impl->view.setActiveSegment(firstSegment(m_impl->session->document().labels()));
    openChannels(volume);
    connectSession();
    Q_EMIT caseOpened();
    showPendingProposal();
    tellDamage();
    if (m_impl->session->readOnly())
        Q_EMIT message(
            tr("Opened for reading only: %1").arg(QString::fromStdString(m_impl->session->readOnlyReason())));
}

// Decoding may just have found it: the list, too, is to show it.
void CaseController::tellDamage()
{
    for (const Warning& warning : m_impl->session->record().series.info.warnings) {
        if (warning.code != damagedSliceCode)
            continue;
        Q_EMIT hint(translatedSentence(warning.text));
        Q_EMIT caseListChanged();
    }
}

void CaseController::retranslate()
{
    if (!m_impl->session)
        return;
    m_impl->view.overlayText.mark = markOf(m_impl->session->record().series.info);
    m_impl->channels.retranslate();
}

void CaseController::openChannels(const Volume& primary)
{
    const auto channels = m_impl->workbench.workspace().channels(m_impl->caseId);
    if (!channels)
        report(channels.error());
    m_impl->channels.open(m_impl->session->record(), primary,
                          channels ? *channels : std::vector<ChannelRecord>());
}

void CaseController::connectSession()
{
    CaseSession* session = m_impl->session.get();
    connect(session, &CaseSession::labelsChanged, &m_impl->view, &ViewState::notifyLabelsChanged);
    connect(session, &CaseSession::segmentsChanged, this, [this] {
        const LabelMap& labels = m_impl->session->document().labels();
        if (!labels.segments().find(m_impl->view.activeSegment()))
            m_impl->view.setActiveSegment(firstSegment(labels));
        m_impl->view.notifySegmentsChanged();
    });
    connect(session, &CaseSession::journalFailed, this, &CaseController::failed);
}

void CaseController::closeCase()
{
    if (m_impl->openingJob)
        m_impl->openingJob->cancel();
    m_impl->openingJob = nullptr;
    m_impl->openingId = {};
    if (!m_impl->session)
        return;
    m_impl->session->flush();
    m_impl->channels.close();
    m_impl->compared = {};
    m_impl->shownProposal = {};
    m_impl->view.setComparison(nullptr);
    m_impl->view.setLabels(nullptr);
    m_impl->view.clear();
    m_impl->comparison = {};
    m_impl->session.reset();
    m_impl->caseId = {};
    Q_EMIT caseClosed();
}

bool CaseController::mayEdit()
{
    if (!m_impl->session)
        return false;
    if (!m_impl->session->readOnly())
        return true;
    report({ErrorCode::ReadOnly, {}, m_impl->session->readOnlyReason()});
    return false;
}

void CaseController::save()
{
    if (!mayEdit())
        return;
    const auto revision = m_impl->session->save({});
    if (!revision)
        return report(revision.error());
    Q_EMIT revisionsChanged();
    Q_EMIT caseListChanged();
    Q_EMIT message(tr("Saved as revision %1").arg(revision->id.value));
}

Result<RevisionRecord> CaseController::attach(const MaskToAttach& mask)
{
    if (!m_impl->session)
        return Error{ErrorCode::Conflict, mask.attachment.author, "the case is not open any more"};
    auto attached = m_impl->session->attach(mask);
    if (!attached)
        return attached;
    Q_EMIT revisionsChanged();
    showPendingProposal();
    Q_EMIT caseListChanged();
    return attached;
}

void CaseController::approve()
{
    if (!mayEdit())
        return;
    if (pendingProposal()) // else an untouched mask is signed while the eye rests on the model's
        return Q_EMIT hint(tr("Accept or reject the model's proposal first: what you approve is your own mask."));
    if (userName().isEmpty() && m_impl->namePrompt) {
        if (const QString name = m_impl->namePrompt(); !name.trimmed().isEmpty())
            setUserName(name);
    }
    if (userName().isEmpty())
        return;
    const bool nothing = !m_impl->session->record().head && m_impl->session->document().labels().segments().empty();
    if (nothing && !(m_impl->emptyPrompt && m_impl->emptyPrompt()))
        return;
    const auto pool =
        m_impl->session->approve(userName().toStdString(), nothing ? NoMask::Confirm : NoMask::Refuse);
    if (!pool)
        return report(pool.error());
    Q_EMIT revisionsChanged();
    showPendingProposal();
    Q_EMIT caseListChanged();
    Q_EMIT message(tr("Approved by %1").arg(userName()));
}

void CaseController::propose()
{
    if (!m_impl->session)
        return;
    const CaseId id = m_impl->caseId;
    m_impl->jobs.run<std::vector<Proposal>>(
        Job::Kind::Propose, {staticMetaObject, QT_TR_NOOP("Proposing")}, this,
        [id](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return workbench.propose({id}, {}, stop, report);
        },
        [this, id](Result<std::vector<Proposal>> proposals) {
            if (!proposals)
                return report(proposals.error());
            takeProposal(id);
        });
}

void CaseController::takeProposal(CaseId id)
{
    Q_EMIT caseListChanged();
    if (id != m_impl->caseId)
        return;
    Q_EMIT revisionsChanged();
    showPendingProposal();
}

void CaseController::undo()
{
    if (!m_impl->session || !m_impl->session->document().canUndo())
        return;
    if (const auto undone = m_impl->session->undo(); !undone)
        report(undone.error());
}

void CaseController::redo()
{
    if (!m_impl->session || !m_impl->session->document().canRedo())
        return;
    if (const auto redone = m_impl->session->redo(); !redone)
        report(redone.error());
}

void CaseController::report(const Error& error)
{
    if (error.code == ErrorCode::Cancelled)
        Q_EMIT message(tr("Cancelled"));
    else
        Q_EMIT failed(error);
}

} // namespace annotomy
