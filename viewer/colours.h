#pragma once

#include <QColor>

// The few colours that stand over images. Text keeps WCAG AA contrast on the plate, whatever lies under it.
namespace annotomy::colours {

inline const QColor pane{0, 0, 0};
inline const QColor plate{8, 10, 12, 184};
inline const QColor text{0xd5, 0xdb, 0xe1};
inline const QColor secondaryText{0xb4, 0xbd, 0xc6};
inline const QColor title{0x7c, 0xbc, 0xee};
inline const QColor letter{0xe6, 0xb4, 0x5a};
inline const QColor crosshair{0x4c, 0x92, 0xc8}; // opaque: Qt shares tall translucent fills out among threads, at great cost
inline const QColor scaleBar{0xd5, 0xdb, 0xe1};
inline const QColor added{0x6c, 0xe0, 0x9b};   // in the comparison only
inline const QColor removed{0xff, 0x6b, 0x76}; // in the shown mask only
inline const QColor scene{0x0a, 0x0c, 0x0e};   // ground of the 3-D pane

} // namespace annotomy::colours
