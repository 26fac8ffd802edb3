#pragma once

#include "core/image/vec.h"

#include <QTemporaryDir>

#include <bit>
#include <cstdint>
#include <fstream>
#include <initializer_list>
#include <map>
#include <sstream>
#include <string>
#include <vector>

// DICOM files as a test writes them down: explicit little endian, elements in the order of their tags.
namespace annotomy::test {

inline std::string littleEndian(std::uint64_t value, std::size_t bytes)
{
    std::string text;
    for (std::size_t b = 0; b < bytes; ++b)
        text += static_cast<char>(value >> (8 * b));
    return text;
}

inline std::string joined(std::initializer_list<double> values)
{
    std::ostringstream text;
    text.precision(12);
    for (const double value : values)
        text << (text.tellp() > 0 ? "\\" : "") << value;
    return text.str();
}

class DicomFileText {
public:
    void set(std::uint32_t tag, const std::string& vr, const std::string& value) { m_elements[tag] = {vr, value}; }
    void remove(std::uint32_t tag) { m_elements.erase(tag); }
    void number(std::uint32_t tag, std::uint16_t value) { set(tag, "US", littleEndian(value, 2)); }
    void floating(std::uint32_t tag, double value) { set(tag, "FD", littleEndian(std::bit_cast<std::uint64_t>(value), 8)); }
    void single(std::uint32_t tag, float value) { set(tag, "FL", littleEndian(std::bit_cast<std::uint32_t>(value), 4)); }
    void items(std::uint32_t tag, const std::vector<DicomFileText>& sequence)
    {
        std::string content;
        for (const DicomFileText& one : sequence) {
            const std::string body = one.dataSet();
            content += littleEndian(0xE000FFFE, 4) + littleEndian(body.size(), 4) + body;
        }
        set(tag, "SQ", content);
    }

    std::string dataSet() const
    {
        std::string bytes;
        for (const auto& [tag, element] : m_elements) {
            const auto& [vr, given] = element;
            const std::string value = given.size() % 2 ? given + (vr == "UI" ? '\0' : ' ') : given;
            const bool isLong = vr == "OB" || vr == "OW" || vr == "SQ" || vr == "UN";
            bytes += littleEndian(tag >> 16, 2) + littleEndian(tag & 0xFFFFU, 2) + vr;
            bytes += isLong ? littleEndian(0, 2) + littleEndian(value.size(), 4) : littleEndian(value.size(), 2);
            bytes += value;
        }
        return bytes;
    }

    std::string file(std::string transferSyntax = "1.2.840.10008.1.2.1") const
    {
        transferSyntax.resize((transferSyntax.size() + 1) / 2 * 2, '\0');
        return std::string(128, '\0') + "DICM" + littleEndian(0x00100002, 4) + "UI" +
               littleEndian(transferSyntax.size(), 2) + transferSyntax + dataSet();
    }

private:
    std::map<std::uint32_t, std::pair<std::string, std::string>> m_elements;
};

// An image whose pixel data is said to be RLE and is not: a scan finds nothing wrong with it.
inline std::string brokenCode(DicomFileText image)
{
    constexpr std::uint32_t pixels = 0x7FE00010;
    image.remove(pixels);
    const std::string item = littleEndian(0xE000FFFE, 4);
    return image.file("1.2.840.10008.1.2.5") + littleEndian(pixels >> 16, 2) + littleEndian(pixels & 0xFFFFU, 2) + "OB" +
           littleEndian(0, 2) + littleEndian(0xFFFFFFFF, 4) + item + littleEndian(0, 4) + item + littleEndian(64, 4) +
           std::string(64, '\x7f') + littleEndian(0xE0DDFFFE, 4) + littleEndian(0, 4);
}

// An image of 16-bit voxels.
inline DicomFileText imageText(const std::string& modality, const std::string& series, int number, int columns, int rows,
                           const std::vector<std::int16_t>& voxels)
{
    DicomFileText text;
    text.set(0x00080018, "UI", series + "." + std::to_string(number));
    text.set(0x00080060, "CS", modality);
    text.set(0x00100020, "LO", "P1");
    text.set(0x0020000D, "UI", "1.2.9");
    text.set(0x0020000E, "UI", series);
    text.set(0x00200013, "IS", std::to_string(number));
    text.number(0x00280002, 1);
    text.set(0x00280004, "CS", "MONOCHROME2");
    text.number(0x00280010, static_cast<std::uint16_t>(rows));
    text.number(0x00280011, static_cast<std::uint16_t>(columns));
    text.number(0x00280100, 16);
    text.number(0x00280101, 16);
    text.number(0x00280102, 15);
    text.number(0x00280103, 1);
    std::string pixels;
    for (const std::int16_t voxel : voxels)
        pixels += littleEndian(static_cast<std::uint16_t>(voxel), 2);
    text.set(0x7FE00010, "OW", pixels);
    return text;
}

inline void place(DicomFileText& text, const Vec3& position, const Vec3& row, const Vec3& column, double spacingI,
                  double spacingJ)
{
    text.set(0x00200032, "DS", joined({position[0], position[1], position[2]}));
    text.set(0x00200037, "DS", joined({row[0], row[1], row[2], column[0], column[1], column[2]}));
    text.set(0x00280030, "DS", joined({spacingJ, spacingI}));
}

class DicomFolder {
public:
    void add(const DicomFileText& text) { addBytes(text.file()); }
    std::string addBytes(const std::string& bytes)
    {
        const std::string name = "f" + std::to_string(m_count++) + ".dcm";
        const std::string path = m_folder.filePath(QString::fromStdString(name)).toStdString();
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
    std::string path() const { return m_folder.path().toStdString(); }

private:
    QTemporaryDir m_folder;
    int m_count = 0;
};

} // namespace annotomy::test
