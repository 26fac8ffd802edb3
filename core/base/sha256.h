#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace annotomy {

// SHA-256 (FIPS 180-4) for core, which knows neither Qt nor a cryptographic library.
class Sha256 {
public:
    using Digest = std::array<std::uint8_t, 32>;

    void update(std::span<const std::byte> bytes);
    void update(std::string_view text) { update(std::as_bytes(std::span(text))); }
    Digest digest(); // once, after the last byte

private:
    void block(const std::uint8_t* bytes);

    std::array<std::uint32_t, 8> m_state{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<std::uint8_t, 64> m_rest{};
    std::size_t m_restSize = 0;
    std::uint64_t m_bytes = 0;
};

// HMAC (RFC 2104) with SHA-256: a function of `text` that nobody can repeat without the key.
Sha256::Digest hmacSha256(std::string_view key, std::string_view text);

std::string hexText(std::span<const std::uint8_t> bytes);

} // namespace annotomy
