#pragma once

#include "core/image/image_info.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace annotomy {

// The curves of display windows that are not straight (DICOM PS3.3 C.11.2).

bool isCurved(const DisplayWindow& window);
// The same range without its curve.
DisplayWindow straightened(const DisplayWindow& window);
// Whether both show any image alike, whatever they are called.
bool showAlike(const DisplayWindow& a, const DisplayWindow& b);

// A curve's input, in real values, from its first to its last entry.
struct CurveRange {
    double first = 0, last = 1;
};
// SIGMOID has no ends of its own: here those at which it is black and white in 8 bits. Requires isCurved(window).
CurveRange curveRange(const DisplayWindow& window);

// Grey levels evenly over curveRange(), some thousand: the entries of a table with others in between.
std::vector<std::uint8_t> levelsOf(const DisplayWindow& window);

// The entries of a look-up table of `bits` bits as a window's curve: the entries themselves up to
// DisplayWindow::mostEntries, else as many in between. Requires at least one entry.
std::vector<std::uint8_t> curveOf(const std::vector<std::uint16_t>& entries, int bits);

// How windows are kept as text. The function's name is DICOM's, "TABLE" for a look-up table; the entries are two
// hexadecimal digits each. Nothing for a text that is none.
std::string_view functionName(VoiFunction function);
std::optional<VoiFunction> functionNamed(std::string_view name);
std::string curveText(const std::vector<std::uint8_t>& curve);
std::optional<std::vector<std::uint8_t>> curveFromText(std::string_view text);
// Sets both; false, and the window straight, where they are not those of a window.
bool setCurve(DisplayWindow& window, std::string_view functionName, std::string_view curveText);

} // namespace annotomy
