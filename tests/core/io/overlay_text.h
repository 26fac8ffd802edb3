#pragma once

#include "tests/core/io/dicom_text.h"

// Overlay planes as a test draws them.
namespace annotomy::test {

// A picture of an overlay: one text a row, '#' where it is drawn.
using Picture = std::vector<std::string>;

inline std::string packed(const std::vector<Picture>& frames)
{
    std::string bytes;
    std::size_t bit = 0;
    for (const Picture& picture : frames)
        for (const std::string& row : picture)
            for (const char c : row) {
                if (bit % 8 == 0)
                    bytes += '\0';
                const unsigned drawn = c == '#' ? 1U << bit % 8 : 0U;
                bytes.back() = static_cast<char>(static_cast<unsigned char>(bytes.back()) | drawn);
                ++bit;
            }
    return bytes;
}

inline std::string shorts(int first, int second)
{
    return littleEndian(static_cast<std::uint16_t>(first), 2) + littleEndian(static_cast<std::uint16_t>(second), 2);
}

// Of overlay `index`, from 0.
inline std::uint32_t element(int index, std::uint32_t tag)
{
    return 0x60000000 + static_cast<std::uint32_t>(index) * 0x20000 + tag;
}

// Overlay `index` with data of its own; `row` and `column` of its origin are from 1.
inline void overlay(DicomFileText& text, int index, const Picture& picture, int row = 1, int column = 1)
{
    text.number(element(index, 0x10), static_cast<std::uint16_t>(picture.size()));
    text.number(element(index, 0x11), static_cast<std::uint16_t>(picture.front().size()));
    text.set(element(index, 0x40), "CS", "G");
    text.set(element(index, 0x50), "SS", shorts(row, column));
    text.number(element(index, 0x100), 1);
    text.number(element(index, 0x102), 0);
    text.set(element(index, 0x3000), "OW", packed({picture}));
}

} // namespace annotomy::test
