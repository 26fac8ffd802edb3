#include "app/desktop/session_sink.h"

#include "core/base/clock.h"

#include <QCoreApplication>

namespace annotomy {

SessionSink::SessionSink(CaseController& controller, const ToolSettings& settings)
    : m_controller(controller), m_settings(settings)
{
}

bool SessionSink::refuse(const Error& error)
{
    m_controller.report(error);
    return false;
}

bool SessionSink::ensureSegment()
{
    CaseSession* session = m_controller.session();
    if (!session)
        return false;
    ViewState* view = m_controller.view();
    if (const Segment* segment = session->document().labels().segments().find(view->activeSegment())) {
        if (segment->locked)
            Q_EMIT m_controller.hint(QCoreApplication::translate("Segments", "“%1” is locked: unlock it (L) to change it.")
                                         .arg(QString::fromStdString(segment->name)));
        return !segment->locked;
    }
    const QString name = QCoreApplication::translate("Segments", "Segment %1").arg(1);
    const auto number = session->addSegment(name.toStdString());
    if (!number)
        return refuse(number.error());
    view->setActiveSegment(*number);
    return true;
}

EditContext SessionSink::context(const char* tool, EditAction action) const
{
    EditContext context;
    context.action = action;
    context.segment = m_controller.view()->activeSegment();
    context.masking = m_settings.masking();
    if (action == EditAction::Erase)
        context.masking.paintOver = PaintOver::All; // "only empty" would never erase anything
    context.tool = tool;
    context.author = m_controller.userName().toStdString();
    context.timeMs = nowMs();
    return context;
}

bool SessionSink::beginStroke(const char* tool, EditAction action)
{
    if (!ensureSegment())
        return false;
    const auto begun = m_controller.session()->beginStroke(context(tool, action));
    return begun ? true : refuse(begun.error());
}

bool SessionSink::continueStroke(const VoxelSelection& selection)
{
    CaseSession* session = m_controller.session();
    if (!session)
        return false;
    const auto box = session->continueStroke(selection);
    return box ? true : refuse(box.error());
}

void SessionSink::endStroke()
{
    if (CaseSession* session = m_controller.session())
        if (const auto box = session->endStroke(); !box)
            refuse(box.error());
}

void SessionSink::cancelStroke()
{
    if (CaseSession* session = m_controller.session())
        session->cancelStroke();
}

bool SessionSink::apply(const VoxelSelection& selection, const char* tool, EditAction action)
{
    if (!ensureSegment())
        return false;
    const auto box = m_controller.session()->apply(selection, context(tool, action));
    return box ? true : refuse(box.error());
}

} // namespace annotomy
