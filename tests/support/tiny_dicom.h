#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace annotomy::test {

// Small CT slices, as many as wanted, with the elements that a scanner writes: quick to make, and some 1.5 KB each.
class TinyDicom {
public:
    // Slice `slice` of series `series`; `patient` as the header has it.
    static std::string file(int series, int slice)
    {
        const std::string uid = "1.2.826.0.1.3680043.9.7133." + std::to_string(series);
        const std::string instance = uid + "." + std::to_string(slice);
        TinyDicom body;
        body.text(0x0008, 0x0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL");
        body.text(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.2");
        body.text(0x0008, 0x0018, "UI", instance);
        body.text(0x0008, 0x0020, "DA", "20240110");
        body.text(0x0008, 0x0030, "TM", "101112.000000");
        body.text(0x0008, 0x0032, "TM", "101112.000000");
        body.text(0x0008, 0x0060, "CS", "CT");
        body.text(0x0008, 0x0070, "LO", "Maker of scanners");
        body.text(0x0008, 0x1030, "LO", "Thorax with contrast");
        body.text(0x0008, 0x103E, "LO", "Lung 1.0 mm");
        body.text(0x0010, 0x0010, "PN", "Name^Of Patient " + std::to_string(series / 4));
        body.text(0x0010, 0x0020, "LO", "ID" + std::to_string(series / 4));
        body.text(0x0010, 0x0030, "DA", "19700101");
        body.text(0x0010, 0x0040, "CS", "O");
        for (int n = 0; n < 12; ++n)
            body.text(0x0018, 0x1000 + 2 * n, "LO", "acquisition parameter " + std::to_string(n));
        body.text(0x0018, 0x5100, "CS", "HFS");
        body.text(0x0020, 0x000D, "UI", "1.2.826.0.1.3680043.9.7134." + std::to_string(series / 2));
        body.text(0x0020, 0x000E, "UI", uid);
        body.text(0x0020, 0x0011, "IS", std::to_string(series));
        body.text(0x0020, 0x0013, "IS", std::to_string(slice));
        body.text(0x0020, 0x0032, "DS", "-10\\-20\\" + std::to_string(2 * slice));
        body.text(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0");
        body.text(0x0020, 0x0052, "UI", uid + ".9");
        body.number(0x0028, 0x0002, 1);
        body.text(0x0028, 0x0004, "CS", "MONOCHROME2");
        body.number(0x0028, 0x0010, 8);
        body.number(0x0028, 0x0011, 8);
        body.text(0x0028, 0x0030, "DS", "0.7\\0.7");
        body.number(0x0028, 0x0100, 16);
        body.number(0x0028, 0x0101, 12);
        body.number(0x0028, 0x0102, 11);
        body.number(0x0028, 0x0103, 0);
        body.text(0x0028, 0x1052, "DS", "-1024");
        body.text(0x0028, 0x1053, "DS", "1");
        body.element(0x7FE0, 0x0010, "OW", std::string(8 * 8 * 2, '\1'));
        TinyDicom meta;
        meta.element(0x0002, 0x0001, "OB", std::string("\0\1", 2));
        meta.text(0x0002, 0x0002, "UI", "1.2.840.10008.5.1.4.1.1.2");
        meta.text(0x0002, 0x0003, "UI", instance);
        meta.text(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1");
        meta.text(0x0002, 0x0012, "UI", "1.2.826.0.1.3680043.9.7135");
        TinyDicom length;
        const auto size = static_cast<std::uint32_t>(meta.m_bytes.size());
        length.element(0x0002, 0x0000, "UL", std::string(reinterpret_cast<const char*>(&size), 4));
        return std::string(128, '\0') + "DICM" + length.m_bytes + meta.m_bytes + body.m_bytes;
    }

    // `count` files in folders of `perSeries`, each folder a series.
    static void writeMany(const std::string& folder, int count, int perSeries)
    {
        for (int n = 0; n < count; ++n) {
            const std::string below = folder + "/" + std::to_string(n / perSeries);
            if (n % perSeries == 0)
                std::filesystem::create_directories(below);
            char name[32];
            std::snprintf(name, sizeof name, "/IM%06d", n % perSeries);
            std::ofstream(below + name, std::ios::binary) << file(n / perSeries, n % perSeries);
        }
    }

private:
    void text(int group, int element, const char* vr, std::string value)
    {
        if (value.size() % 2)
            value += vr[0] == 'U' ? '\0' : ' ';
        this->element(group, element, vr, value);
    }
    void number(int group, int element, std::uint16_t value)
    {
        this->element(group, element, "US", std::string(reinterpret_cast<const char*>(&value), 2));
    }
    void element(int group, int element, const char* vr, const std::string& value)
    {
        little(static_cast<std::uint32_t>(group), 2);
        little(static_cast<std::uint32_t>(element), 2);
        m_bytes += vr;
        if (vr[0] == 'O')
            little(0, 2);
        little(static_cast<std::uint32_t>(value.size()), vr[0] == 'O' ? 4 : 2);
        m_bytes += value;
    }
    void little(std::uint32_t value, int bytes)
    {
        for (int n = 0; n < bytes; ++n)
            m_bytes += static_cast<char>(value >> (8 * n));
    }

    std::string m_bytes;
};

} // namespace annotomy::test
