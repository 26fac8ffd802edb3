#pragma once

#include <QString>

#include <cstdint>
#include <optional>
#include <string>

// How panels write figures and names. What is undefined is an en dash, never 0.
namespace annotomy::paneltext {

QString dice(const std::optional<double>& value);        // "0.881"
QString millimetres(const std::optional<double>& value); // "1.4 mm"
QString millilitres(const std::optional<double>& value); // "7.47 ml", three significant figures
QString signedMillilitres(double value);                 // "+3.10 ml", "−0.40 ml"
QString timeLeft(double seconds);                        // "2 min left"; empty when negative (unknown)
QString stage(const std::string& stage);                 // a job's stage in the reader's language
QString filesText(std::int64_t done, std::int64_t found, double perSecond); // of a scan; empty before the first file
QString when(std::int64_t timeMs);                       // local date and time; en dash for 0
bool isNotice(const std::string& code); // a warning that tells of the image, and of nothing wrong with it
QString warning(const std::string& code, const std::string& text); // short name of an import warning

} // namespace annotomy::paneltext
