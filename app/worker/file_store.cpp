#include "app/worker/file_store.h"

#include "core/base/sha256.h"
#include "core/io/bytes/atomic_file.h"

#include <nlohmann/json.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace annotomy {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t chunkBytes = 1 << 20;
constexpr auto longestUnused = std::chrono::hours(30 * 24);

bool isHash(const std::string& text)
{
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool isPlainName(const std::string& text)
{
    return !text.empty() && text.find('/') == text.npos && text != "." && text != "..";
}

std::string failure(const std::string& text)
{
    return Json{{"type", "error"}, {"text", text}}.dump();
}

void removeUnused(const std::string& folder)
{
    std::error_code ignored;
    const auto oldest = fs::file_time_type::clock::now() - longestUnused;
    for (const std::string& place : {folder, folder + "/jobs"})
        for (const fs::directory_entry& entry : fs::directory_iterator(place, ignored))
            if (entry.path().filename() != "jobs" && entry.last_write_time(ignored) < oldest)
                fs::remove_all(entry.path(), ignored);
}

void touch(const std::string& path)
{
    std::error_code ignored;
    fs::last_write_time(path, fs::file_time_type::clock::now(), ignored);
}

std::string hashOfFile(std::ifstream& file)
{
    Sha256 sum;
    std::vector<char> chunk(chunkBytes);
    while (file.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || file.gcount() > 0)
        sum.update(std::string_view(chunk.data(), static_cast<std::size_t>(file.gcount())));
    return hexText(sum.digest());
}

} // namespace

std::string defaultFileStoreFolder()
{
    if (const char* own = std::getenv("ANNOTOMY_WORKER_CACHE"))
        return own;
    if (const char* caches = std::getenv("XDG_CACHE_HOME"); caches && *caches)
        return std::string(caches) + "/annotomy-worker";
    const char* home = std::getenv("HOME");
    return std::string(home ? home : ".") + "/.cache/annotomy-worker";
}

int FileStore::run()
{
    umask(077);
    std::error_code error;
    fs::create_directories(m_folder + "/jobs", error);
    if (error || access(m_folder.c_str(), W_OK) != 0) {
        std::cout << failure("the folder " + m_folder + " cannot be written") << std::endl;
        return 1;
    }
    removeUnused(m_folder);
    std::string line;
    while (std::getline(std::cin, line)) {
        std::string reply;
        try {
            reply = answer(line);
        } catch (const std::exception& e) {
            reply = failure(e.what());
        }
        std::cout << reply << (reply.empty() ? "" : "\n") << std::flush;
        if (!std::cout)
            return 1;
    }
    return 0;
}

std::string FileStore::answer(const std::string& line)
{
    const Json json = Json::parse(line);
    const std::string type = json.at("type");
    if (type == "begin")
        return begin(json.at("job"));
    if (type == "put")
        return take(json.at("hash"), json.at("size"));
    if (type == "lacking") {
        Json lacking = Json::array();
        for (const std::string hash : json.at("hashes")) {
            if (isHash(hash) && fs::exists(stored(hash)))
                touch(stored(hash));
            else
                lacking.push_back(hash);
        }
        return Json{{"type", "lacking"}, {"hashes", lacking}}.dump();
    }
    if (m_job.empty())
        return failure("no job was begun");
    if (type == "place")
        return place(json.at("hash"), json.at("name"));
    if (type == "get")
        return give(json.at("name"));
    if (type != "end")
        return failure("unknown request");
    fs::remove_all(m_job);
    return Json{{"type", "ended"}}.dump();
}

std::string FileStore::begin(const std::string& job)
{
    if (!isHash(job))
        return failure("a job's name is 64 hexadecimal digits");
    const std::string folder = fs::absolute(m_folder).string();
    m_job = folder + "/jobs/" + job;
    fs::create_directories(m_job);
    touch(m_job);
    return Json{{"type", "begun"}, {"files", folder}, {"job", m_job}}.dump();
}

// The bytes are read in any case, so that the next line is one.
std::string FileStore::take(const std::string& hash, long long size)
{
    Result<AtomicFile> file =
        isHash(hash) ? AtomicFile::create(stored(hash)) : Error{ErrorCode::InvalidArgument, hash, "no SHA-256"};
    Result<void> written = file ? Result<void>{} : file.error();
    Sha256 sum;
    std::vector<char> chunk(chunkBytes);
    for (long long left = size; left > 0;) {
        const auto part = static_cast<std::streamsize>(std::min<long long>(left, chunkBytes));
        if (!std::cin.read(chunk.data(), part))
            return failure("the file ended early");
        const std::string_view bytes(chunk.data(), static_cast<std::size_t>(part));
        sum.update(bytes);
        if (written)
            written = file->write(std::as_bytes(std::span(bytes)));
        left -= part;
    }
    if (written && hexText(sum.digest()) != hash)
        written = Error{ErrorCode::HashMismatch, hash, "the file changed on its way"};
    if (written)
        written = file->commit();
    return written ? Json{{"type", "stored"}}.dump() : failure(written.error().detail);
}

// What the job has left there itself is newer.
std::string FileStore::place(const std::string& hash, const std::string& name) const
{
    if (!isHash(hash) || !isPlainName(name))
        return failure("bad name");
    if (const std::string target = m_job + '/' + name; !fs::exists(target))
        fs::copy_file(stored(hash), target);
    return Json{{"type", "placed"}}.dump();
}

std::string FileStore::give(const std::string& name)
{
    std::ifstream file(m_job + '/' + name, std::ios::binary);
    if (!isPlainName(name) || !file)
        return Json{{"type", "absent"}}.dump();
    const std::string hash = hashOfFile(file);
    file.clear();
    const auto size = static_cast<long long>(file.seekg(0, std::ios::end).tellg());
    file.seekg(0);
    std::cout << Json{{"type", "file"}, {"hash", hash}, {"size", size}}.dump() << '\n';
    if (size > 0)
        std::cout << file.rdbuf();
    std::cout << std::flush;
    return {};
}

} // namespace annotomy
