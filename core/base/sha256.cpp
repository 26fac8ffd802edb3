#include "core/base/sha256.h"

#include <algorithm>
#include <bit>

namespace annotomy {

namespace {

constexpr std::array<std::uint32_t, 64> roundConstants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

} // namespace

void Sha256::block(const std::uint8_t* bytes)
{
    std::array<std::uint32_t, 64> w{};
    for (std::size_t i = 0; i < 16; ++i)
        w[i] = static_cast<std::uint32_t>(bytes[4 * i]) << 24 |
               static_cast<std::uint32_t>(bytes[4 * i + 1]) << 16 |
               static_cast<std::uint32_t>(bytes[4 * i + 2]) << 8 |
               static_cast<std::uint32_t>(bytes[4 * i + 3]);
    for (std::size_t i = 16; i < 64; ++i) {
        const std::uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ a >> 3) + w[i - 7] +
               (std::rotr(b, 17) ^ std::rotr(b, 19) ^ b >> 10);
    }
    auto [a, b, c, d, e, f, g, h] = m_state;
    for (std::size_t i = 0; i < 64; ++i) {
        const std::uint32_t one = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
                                  ((e & f) ^ (~e & g)) + roundConstants[i] + w[i];
        const std::uint32_t two =
            (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + one, d = c, c = b, b = a, a = one + two;
    }
    const std::array<std::uint32_t, 8> added{a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < 8; ++i)
        m_state[i] += added[i];
}

void Sha256::update(std::span<const std::byte> bytes)
{
    const auto* at = reinterpret_cast<const std::uint8_t*>(bytes.data());
    std::size_t left = bytes.size();
    m_bytes += left;
    while (left > 0) {
        if (m_restSize == 0 && left >= 64) {
            block(at);
            at += 64, left -= 64;
            continue;
        }
        const std::size_t taken = std::min(left, 64 - m_restSize);
        std::copy_n(at, taken, m_rest.begin() + static_cast<std::ptrdiff_t>(m_restSize));
        m_restSize += taken, at += taken, left -= taken;
        if (m_restSize == 64) {
            block(m_rest.data());
            m_restSize = 0;
        }
    }
}

Sha256::Digest Sha256::digest()
{
    const std::uint64_t bits = m_bytes * 8;
    const std::byte one{0x80}, zero{0};
    update(std::span(&one, 1));
    while (m_restSize != 56)
        update(std::span(&zero, 1));
    std::array<std::byte, 8> length{};
    for (std::size_t i = 0; i < 8; ++i)
        length[i] = static_cast<std::byte>(bits >> (56 - 8 * i));
    update(length);
    Digest result{};
    for (std::size_t i = 0; i < 32; ++i)
        result[i] = static_cast<std::uint8_t>(m_state[i / 4] >> (24 - 8 * (i % 4)));
    return result;
}

Sha256::Digest hmacSha256(std::string_view key, std::string_view text)
{
    std::string padded(key);
    if (padded.size() > 64) {
        Sha256 hash;
        hash.update(padded);
        const Sha256::Digest digest = hash.digest();
        padded.assign(digest.begin(), digest.end());
    }
    padded.resize(64, '\0');
    const auto masked = [&padded](char mask) {
        std::string result = padded;
        for (char& c : result)
            c = static_cast<char>(c ^ mask);
        return result;
    };
    Sha256 inner;
    inner.update(masked(0x36));
    inner.update(text);
    const Sha256::Digest digest = inner.digest();
    Sha256 outer;
    outer.update(masked(0x5c));
    outer.update(std::as_bytes(std::span(digest)));
    return outer.digest();
}

std::string hexText(std::span<const std::uint8_t> bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : bytes)
        text += {digits[byte >> 4], digits[byte & 15U]};
    return text;
}

} // namespace annotomy
