#include "app/workbench/helper_process.h"

#include <QDeadlineTimer>
#include <QFileInfo>
#include <QProcess>
#include <QProcessEnvironment>

namespace annotomy {

namespace {

constexpr int startMs = 20000;

QProcessEnvironment environmentOf(const HelperProcess::Setup& setup)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const auto& [name, value] : setup.environment)
        environment.insert(QString::fromStdString(name), QString::fromStdString(value));
    return environment;
}

} // namespace

Result<std::unique_ptr<HelperProcess>> HelperProcess::start(const Setup& setup)
{
    const QString program = QString::fromStdString(setup.program);
    if (!QFileInfo::exists(program))
        return Error{ErrorCode::NotFound, setup.program, "a helper program of Annotomy is missing"};
    auto process = std::make_unique<QProcess>();
    process->setProcessEnvironment(environmentOf(setup));
    process->setStandardErrorFile(setup.errorLog.empty() ? QProcess::nullDevice()
                                                         : QString::fromStdString(setup.errorLog));
    QStringList arguments;
    for (const std::string& argument : setup.arguments)
        arguments.push_back(QString::fromStdString(argument));
    process->start(program, arguments);
    if (!process->waitForStarted(startMs))
        return Error{ErrorCode::PermissionDenied, setup.program, process->errorString().toStdString()};
    return std::unique_ptr<HelperProcess>(new HelperProcess(std::move(process)));
}

HelperProcess::HelperProcess(std::unique_ptr<QProcess> process) : m_process(std::move(process)) {}

HelperProcess::~HelperProcess()
{
    stop();
}

bool HelperProcess::send(const std::string& line)
{
    const std::string whole = line + '\n';
    return sendBytes(whole.data(), whole.size());
}

bool HelperProcess::sendBytes(const char* bytes, std::size_t count)
{
    if (m_process->state() != QProcess::Running)
        return false;
    m_process->write(bytes, static_cast<qint64>(count));
    while (m_process->bytesToWrite() > 0) {
        if (!m_process->waitForBytesWritten(startMs))
            return false;
    }
    return true;
}

std::string HelperProcess::readBytes(std::size_t most, std::chrono::milliseconds timeout)
{
    if (m_process->bytesAvailable() == 0)
        m_process->waitForReadyRead(static_cast<int>(timeout.count()));
    return m_process->read(static_cast<qint64>(most)).toStdString();
}

HelperProcess::Reading HelperProcess::readLine(std::chrono::milliseconds timeout)
{
    QDeadlineTimer deadline(timeout);
    while (!m_process->canReadLine()) {
        if (m_process->state() == QProcess::NotRunning)
            return {Status::Ended, {}};
        const bool more = m_process->waitForReadyRead(static_cast<int>(deadline.remainingTime()));
        if (!more && m_process->state() != QProcess::NotRunning && deadline.hasExpired())
            return {Status::TimedOut, {}};
    }
    QByteArray line = m_process->readLine();
    while (line.endsWith('\n') || line.endsWith('\r'))
        line.chop(1);
    return {Status::Line, line.toStdString()};
}

void HelperProcess::stop(std::chrono::milliseconds grace)
{
    if (m_process->state() == QProcess::NotRunning)
        return;
    m_process->closeWriteChannel();
    if (m_process->waitForFinished(static_cast<int>(grace.count())))
        return;
    m_process->kill();
    m_process->waitForFinished(startMs);
}

std::string HelperProcess::howItEnded() const
{
    if (m_process->state() != QProcess::NotRunning)
        return "still running";
    if (m_process->exitStatus() == QProcess::CrashExit)
        return "killed by a signal";
    return "exit status " + std::to_string(m_process->exitCode());
}

} // namespace annotomy
