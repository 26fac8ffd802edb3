#include "storage/workspace.h"

#include <QCryptographicHash>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace annotomy {

namespace {

Error readError(const std::string& path, int number)
{
    const ErrorCode code = number == ENOENT || number == ENOTDIR ? ErrorCode::NotFound
                           : number == EACCES || number == EPERM ? ErrorCode::PermissionDenied
                                                                 : ErrorCode::IoFailure;
    return {code, path, std::strerror(number)};
}

} // namespace

std::string sha256Hex(std::span<const std::byte> bytes)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
    return hash.result().toHex().toStdString();
}

Result<std::string> sha256OfFile(const std::string& path)
{
    std::error_code failure;
    if (std::filesystem::is_directory(path, failure))
        return readError(path, EISDIR);
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return readError(path, errno);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    std::vector<char> part(std::size_t{1} << 20);
    while (file) {
        file.read(part.data(), static_cast<std::streamsize>(part.size()));
        if (file.bad())
            return readError(path, EIO);
        hash.addData(QByteArrayView(part.data(), static_cast<qsizetype>(file.gcount())));
    }
    return hash.result().toHex().toStdString();
}

} // namespace annotomy
