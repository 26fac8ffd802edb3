#pragma once

#include "core/io/series.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace annotomy {

// One line of what is known of an image.
struct StudyFact {
    QString name, value;
    QStringList files = {}; // concerned by it, with their folders
    bool warns = false;
};

// What the headers of an image say, where it lies, and what is odd about it: as `info` tells on the command line.
std::vector<StudyFact> studyFacts(const SeriesEntry& series);

} // namespace annotomy
