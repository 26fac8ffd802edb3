#include "core/privacy/identity_map.h"

#include "core/base/sha256.h"

#include <algorithm>
#include <random>

namespace annotomy {

namespace {

// The first 16 bytes as a decimal number, after they were marked as a UUID of version 4.
std::string uuidNumber(const Sha256::Digest& digest)
{
    std::array<unsigned, 16> bytes{};
    std::copy_n(digest.begin(), 16, bytes.begin());
    bytes[6] = (bytes[6] & 0x0fU) | 0x40U;
    bytes[8] = (bytes[8] & 0x3fU) | 0x80U;
    std::string digits;
    while (std::any_of(bytes.begin(), bytes.end(), [](unsigned b) { return b != 0; })) {
        unsigned rest = 0;
        for (unsigned& byte : bytes) {
            const unsigned value = rest << 8 | byte;
            byte = value / 10;
            rest = value % 10;
        }
        digits += static_cast<char>('0' + rest);
    }
    std::reverse(digits.begin(), digits.end());
    return digits;
}

} // namespace

std::string IdentityMap::randomSecret()
{
    std::random_device device; // /dev/urandom or the processor's own
    std::array<std::uint8_t, 32> bytes{};
    for (std::uint8_t& byte : bytes)
        byte = static_cast<std::uint8_t>(device());
    return hexText(bytes);
}

std::string IdentityMap::uid(const std::string& original) const
{
    return "2.25." + uuidNumber(hmacSha256(m_secret, "uid|" + original));
}

std::string IdentityMap::pseudonym(const std::string& patientKey) const
{
    return "Anon-" + hexText(hmacSha256(m_secret, "patient|" + patientKey)).substr(0, 10);
}

std::string IdentityMap::label(const std::string& original) const
{
    return "Label-" + hexText(hmacSha256(m_secret, "label|" + original)).substr(0, 8);
}

int IdentityMap::dayShift(const std::string& patientKey) const
{
    const Sha256::Digest digest = hmacSha256(m_secret, "days|" + patientKey);
    const unsigned number =
        static_cast<unsigned>(digest[0]) << 16 | static_cast<unsigned>(digest[1]) << 8 | digest[2];
    return -1 - static_cast<int>(number % 3650);
}

} // namespace annotomy
