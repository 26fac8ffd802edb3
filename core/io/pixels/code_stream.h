#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace annotomy {

// What a JPEG, JPEG-LS or JPEG 2000 code stream says of its image, read before a library meets it. Internal
// to core/io.
struct CodeStream {
    enum class Kind { JpegSequential, JpegLossless, JpegOther, JpegLs, Jpeg2000 };
    // JPEG: what the components are when its own markers tell (JFIF, Adobe, names of components).
    enum class Colour { Unknown, Rgb, Ybr };

    Kind kind = Kind::JpegOther;
    int columns = 0, rows = 0, components = 0, precision = 0;
    Colour colour = Colour::Unknown;
    bool isSigned = false;      // JPEG 2000
    bool isSubsampled = false;  // JPEG 2000: a component has fewer samples than the image
    bool mixesColours = false;  // JPEG 2000: red, green and blue come out of a multiple component transform
    bool isReversible = true;   // JPEG 2000: of the 5/3 wavelet
    std::size_t tiles = 1;      // JPEG 2000
    std::size_t start = 0;      // where the code stream begins; behind the boxes of a .jp2 file
};
std::optional<CodeStream> codeStreamOf(std::span<const std::byte> encoded);

} // namespace annotomy
