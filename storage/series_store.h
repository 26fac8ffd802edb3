#pragma once

#include "storage/connection.h"

#include <string>

namespace annotomy {

// Who an image belongs to, for pools: patient ID, else name, else the study (DICOM without either), else the
// file's stem.
std::string patientKeyOf(const SeriesEntry& series);
// What a list shows: name, else ID, else the file's stem.
std::string shownNameOf(const SeriesEntry& series);

// Patients, studies, series and their files. Functions that write run inside the caller's transaction.
class SeriesStore {
public:
    explicit SeriesStore(Connection& connection) : m_db(connection) {}

    // Errors: InvalidArgument for an entry without files, key or plausible grid.
    static Result<void> check(const SeriesEntry& series);

    Result<std::int64_t> find(const std::string& contentKey);  // 0: none
    Result<std::int64_t> findOrAdd(const SeriesEntry& series); // the row's id
    Result<std::int64_t> patientOf(std::int64_t seriesId);
    Result<SeriesEntry> read(std::int64_t seriesId);
    Result<void> replaceFiles(std::int64_t seriesId, const std::vector<std::string>& files);
    Result<void> relink(std::int64_t seriesId, const SeriesEntry& moved);
    Result<void> replace(std::int64_t seriesId, const SeriesEntry& series); // all but patient and study
    Result<void> replaceHeader(std::int64_t seriesId, const SeriesEntry& series);

private:
    Result<std::int64_t> findOrAddPatient(const std::string& key);
    Result<std::int64_t> findOrAddStudy(std::int64_t patientId, const ImageInfo& info);
    Result<void> checkSame(const SeriesEntry& known, const SeriesEntry& moved);

    Connection& m_db;
};

// A series from the columns content_key, format, transfer_syntax, header, geometry, beginning at `column`;
// without files.
Result<SeriesEntry> seriesFromRow(const Statement& row, int column);

} // namespace annotomy
