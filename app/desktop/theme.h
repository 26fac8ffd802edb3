#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>

class QApplication;
class QWidget;

namespace annotomy::theme {

// Colours of the dark reading-room theme; text on its ground meets WCAG AA.
inline const QColor pane{0x00, 0x00, 0x00};
inline const QColor window{0x10, 0x13, 0x16};
inline const QColor panel{0x13, 0x17, 0x1a};
inline const QColor card{0x17, 0x1c, 0x20};
inline const QColor line{0x20, 0x26, 0x2c};
inline const QColor selection{0x22, 0x38, 0x4a};
inline const QColor text{0xd5, 0xdb, 0xe1};
inline const QColor secondaryText{0x98, 0xa3, 0xae};
inline const QColor faintText{0x7d, 0x89, 0x95};
inline const QColor blue{0x5a, 0xa9, 0xe6};
inline const QColor amber{0xe6, 0xb4, 0x5a};
inline const QColor green{0x6c, 0xc0, 0x8b};
inline const QColor greenButton{0x2f, 0x7d, 0x54};
inline const QColor red{0xe0, 0x60, 0x6b};
inline const QColor violet{0xbe, 0x96, 0xff};
inline const QColor groove{0x2a, 0x32, 0x3a}; // of a slider
inline const QColor handle{0xe4, 0xe8, 0xec};

void applyTo(QApplication& application);     // palette, font, style sheet
QFont tabularFont(qreal pointSizeDelta = 0); // figures of equal width

// Object names that the style sheet knows, for setObjectName / setProperty("role", ...):
// role "card" (QFrame), "sectionTitle", "secondary", "faint" (QLabel), "primary", "quiet" (QPushButton),
// "chip" (QToolButton).
void setRole(QWidget* widget, const char* role);

} // namespace annotomy::theme
