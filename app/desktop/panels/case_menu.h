#pragma once

#include "storage/records.h"

class QPoint;
class QString;
class QWidget;

namespace annotomy {

class CaseController;
class FileChooser;

// What can be done with a case of the worklist besides opening it: shown at `position` of the screen, owned by `parent`.
void showCaseMenu(CaseController& controller, FileChooser& chooser, CaseId id, const QString& patient, QWidget* parent,
                  const QPoint& position);

} // namespace annotomy
