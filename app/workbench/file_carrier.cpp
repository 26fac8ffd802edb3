#include "app/workbench/file_carrier.h"

#include "core/base/sha256.h"
#include "core/io/bytes/atomic_file.h"

#include <nlohmann/json.hpp>

#include <QFile>
#include <QStandardPaths>

#include <algorithm>
#include <map>

namespace annotomy {

namespace {

using Json = nlohmann::json;

constexpr const char* scheme = "ssh://";
constexpr std::int64_t chunkBytes = 1 << 20;
constexpr auto answerTime = std::chrono::seconds(120); // the other host may have to hash a large file first

Result<std::string> hashOf(const std::string& path, std::stop_token stop)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QFile::ReadOnly))
        return Error{ErrorCode::NotFound, path, file.errorString().toStdString()};
    Sha256 sum;
    while (!file.atEnd()) {
        if (stop.stop_requested())
            return cancelledError();
        const QByteArray chunk = file.read(chunkBytes);
        sum.update(std::string_view(chunk.data(), static_cast<std::size_t>(chunk.size())));
    }
    return hexText(sum.digest());
}

// For the other host's shell.
std::string quoted(const std::string& word)
{
    std::string result = "'";
    for (const char c : word)
        result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + '\'';
}

} // namespace

bool RemoteHost::isOne(const std::string& program)
{
    return program.rfind(scheme, 0) == 0;
}

RemoteHost::RemoteHost(const std::string& address)
{
    const std::size_t path = address.find('/', std::string_view(scheme).size());
    m_destination = address.substr(0, path);
    if (path != address.npos && path + 1 < address.size())
        m_worker = address.substr(path);
}

HelperProcess::Setup RemoteHost::setup(const std::vector<std::string>& words, const std::string& errorLog) const
{
    HelperProcess::Setup setup;
    const QString ssh = QStandardPaths::findExecutable(QStringLiteral("ssh"));
    setup.program = ssh.isEmpty() ? "ssh" : ssh.toStdString();
    setup.errorLog = errorLog;
    // Nobody is there to type a password; a connection that is cut is noticed within a minute.
    setup.arguments = {"-o", "BatchMode=yes",          "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3",
                       "-o", "ConnectTimeout=30", m_destination};
    std::string command = quoted(m_worker);
    for (const std::string& word : words)
        command += ' ' + quoted(word);
    setup.arguments.push_back(command);
    return setup;
}

Error RemoteHost::lost(const std::string& subject, const std::string& errorLog) const
{
    QFile log(QString::fromStdString(errorLog));
    QByteArray last;
    if (log.open(QFile::ReadOnly))
        for (const QByteArray& line : log.readAll().split('\n'))
            last = line.trimmed().isEmpty() ? last : line.trimmed();
    const std::string told = last.isEmpty() ? std::string() : ": " + last.left(200).toStdString();
    return {ErrorCode::WorkerDied, subject, "the connection to " + m_destination + " failed or was lost" + told};
}

Result<FileCarrier> FileCarrier::connect(const RemoteHost& host, const std::string& job, const std::string& errorLog)
{
    auto process = HelperProcess::start(host.setup({"--files"}, errorLog));
    if (!process)
        return process.error();
    FileCarrier carrier(host, errorLog, *std::move(process));
    const Result<std::string> begun = carrier.asked(Json{{"type", "begin"}, {"job", job}}.dump(), "begun");
    if (!begun)
        return begun.error();
    const Json json = Json::parse(*begun);
    carrier.m_filesFolder = json.value("files", "");
    carrier.m_jobFolder = json.value("job", "");
    return carrier;
}

Result<std::string> FileCarrier::asked(const std::string& line, const std::string& expectedType)
{
    return m_process->send(line) ? answered(expectedType) : lost();
}

Result<std::string> FileCarrier::answered(const std::string& expectedType)
{
    const HelperProcess::Reading reading = m_process->readLine(answerTime);
    if (reading.status != HelperProcess::Status::Line)
        return lost();
    const Json json = Json::parse(reading.line, nullptr, false);
    const std::string type = json.is_object() && json.contains("type") && json["type"].is_string() ? json["type"] : Json("");
    if (type == expectedType || (expectedType == "file" && type == "absent"))
        return reading.line;
    const std::string told = type == "error" ? json.value("text", "") : "an answer that is not understood";
    return Error{ErrorCode::WorkerFailed, "carrying files", m_host.name() + ": " + told};
}

Result<std::vector<std::string>> FileCarrier::send(const std::vector<std::string>& paths, std::stop_token stop,
                                                   const ProgressReport& report)
{
    std::vector<std::string> there;
    std::map<std::string, std::string> pathOfHash;
    for (const std::string& path : paths) {
        const Result<std::string> hash = hashOf(path, stop);
        if (!hash)
            return hash.error();
        pathOfHash[*hash] = path;
        there.push_back(m_filesFolder + '/' + *hash);
    }
    Json hashes = Json::array();
    for (const auto& [hash, path] : pathOfHash)
        hashes.push_back(hash);
    const Result<std::string> answer = asked(Json{{"type", "lacking"}, {"hashes", hashes}}.dump(), "lacking");
    if (!answer)
        return answer.error();
    std::size_t done = 0;
    const Json lacking = Json::parse(*answer).value("hashes", Json::array());
    for (const Json& one : lacking) {
        const auto found = one.is_string() ? pathOfHash.find(one.get<std::string>()) : pathOfHash.end();
        if (found == pathOfHash.end())
            continue;
        if (const Result<void> sent = put(found->second, found->first, stop); !sent)
            return sent.error();
        reportProgress(report, static_cast<double>(++done) / static_cast<double>(lacking.size()));
    }
    return there;
}

Result<void> FileCarrier::put(const std::string& path, const std::string& hash, std::stop_token stop)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QFile::ReadOnly))
        return Error{ErrorCode::NotFound, path, file.errorString().toStdString()};
    const qint64 size = file.size();
    if (!m_process->send(Json{{"type", "put"}, {"hash", hash}, {"size", size}}.dump()))
        return lost();
    for (qint64 sent = 0; sent < size;) {
        if (stop.stop_requested())
            return cancelledError(); // the connection is not used again
        const QByteArray chunk = file.read(std::min<qint64>(chunkBytes, size - sent));
        if (chunk.isEmpty())
            return Error{ErrorCode::IoFailure, path, "it became shorter while it was sent"};
        if (!m_process->sendBytes(chunk.data(), static_cast<std::size_t>(chunk.size())))
            return lost();
        sent += chunk.size();
    }
    const Result<std::string> stored = answered("stored");
    return stored ? Result<void>{} : stored.error();
}

Result<void> FileCarrier::place(const std::string& sent, const std::string& name)
{
    const std::string hash = sent.substr(sent.rfind('/') + 1);
    const Result<std::string> placed = asked(Json{{"type", "place"}, {"hash", hash}, {"name", name}}.dump(), "placed");
    return placed ? Result<void>{} : placed.error();
}

Result<bool> FileCarrier::fetch(const std::string& name, const std::string& path)
{
    const Result<std::string> answer = asked(Json{{"type", "get"}, {"name", name}}.dump(), "file");
    if (!answer)
        return answer.error();
    const Json json = Json::parse(*answer);
    if (json["type"] == "absent")
        return false;
    Result<AtomicFile> file = AtomicFile::create(path);
    if (!file)
        return file.error();
    Sha256 sum;
    for (std::int64_t left = json.value("size", std::int64_t{0}); left > 0;) {
        const std::string chunk = m_process->readBytes(static_cast<std::size_t>(std::min(left, chunkBytes)), answerTime);
        if (chunk.empty())
            return lost();
        sum.update(std::string_view(chunk));
        if (const Result<void> written = file->write(std::as_bytes(std::span(chunk))); !written)
            return written.error();
        left -= static_cast<std::int64_t>(chunk.size());
    }
    if (hexText(sum.digest()) != json.value("hash", ""))
        return Error{ErrorCode::HashMismatch, path, "it changed on its way from " + m_host.name()};
    const Result<void> committed = file->commit();
    return committed ? Result<bool>(true) : committed.error();
}

Result<void> FileCarrier::endJob()
{
    const Result<std::string> ended = asked(Json{{"type", "end"}}.dump(), "ended");
    return ended ? Result<void>{} : ended.error();
}

} // namespace annotomy
