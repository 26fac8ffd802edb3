#include "core/io/pixels/pixel_decoders.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmjpeg/djcparam.h>
#include <dcmtk/dcmjpeg/djdijg12.h>
#include <dcmtk/dcmjpeg/djdijg16.h>
#include <dcmtk/dcmjpeg/djdijg8.h>

namespace annotomy {

namespace {

// DCMTK's decoder for one depth, which fills in what is damaged and warns: noticed here.
template <class Decoder>
class WarnedDecoder : public Decoder {
public:
    explicit WarnedDecoder(const DJCodecParameter& parameters) : Decoder(parameters, OFFalse) {}
    void emitMessage(int level) const override { m_warned = m_warned || level < 0; }
    bool warned() const { return m_warned; }

private:
    mutable bool m_warned = false;
};

template <class Decoder>
bool decodeWith(std::span<const std::byte> encoded, std::span<std::byte> out)
{
    const DJCodecParameter parameters(ECC_lossyYCbCr, EDC_never, EUC_never, EPC_default);
    WarnedDecoder<Decoder> decoder(parameters);
    if (decoder.init().bad())
        return false;
    // DCMTK asks for writable input and does not write to it.
    auto* const bytes = reinterpret_cast<Uint8*>(const_cast<std::byte*>(encoded.data()));
    const OFCondition decoded =
        decoder.decode(bytes, static_cast<Uint32>(encoded.size()), reinterpret_cast<Uint8*>(out.data()),
                       static_cast<Uint32>(out.size()), OFFalse);
    return decoded.good() && !decoder.warned();
}

} // namespace

bool decodeJpeg(std::span<const std::byte> encoded, const CodeStream& stream, std::span<std::byte> out)
{
    constexpr std::size_t most = 0xFFFFFFFF;
    if (encoded.size() > most || out.size() > most)
        return false;
    if (stream.precision <= 8)
        return decodeWith<DJDecompressIJG8Bit>(encoded, out);
    return stream.precision <= 12 ? decodeWith<DJDecompressIJG12Bit>(encoded, out)
                                  : decodeWith<DJDecompressIJG16Bit>(encoded, out);
}

} // namespace annotomy
