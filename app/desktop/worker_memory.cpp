#include "app/desktop/worker_memory.h"

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QString>

namespace annotomy {

namespace {

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// "VmRSS:     1234 kB" of /proc/PID/status, "MemTotal: ..." of /proc/meminfo.
std::int64_t kilobytes(const QByteArray& text, const char* name)
{
    const qsizetype at = text.indexOf(name);
    if (at < 0)
        return 0;
    const qsizetype from = text.indexOf(':', at) + 1;
    return text.mid(from, text.indexOf("kB", from) - from).trimmed().toLongLong();
}

} // namespace

std::optional<WorkerMemory> workerMemory()
{
    std::int64_t resident = 0;
    const QDir threads(QStringLiteral("/proc/self/task"));
    for (const QString& thread : threads.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const QList<QByteArray> children =
            contents(threads.filePath(thread + QStringLiteral("/children"))).split(' ');
        for (const QByteArray& child : children) {
            const QByteArray status =
                contents(QStringLiteral("/proc/%1/status").arg(QString::fromLatin1(child)));
            if (status.contains("annotomy-worker"))
                resident += kilobytes(status, "VmRSS:");
        }
    }
    if (resident == 0)
        return std::nullopt;
    return WorkerMemory{resident * 1024,
                        kilobytes(contents(QStringLiteral("/proc/meminfo")), "MemTotal:") * 1024};
}

} // namespace annotomy
