#include "storage/series_store.h"

#include "storage/series_json.h"
#include "storage/worklist_store.h"

#include <filesystem>

namespace annotomy {

namespace {

std::string stemOf(const std::string& path)
{
    std::filesystem::path name = std::filesystem::path(path).filename();
    if (name.extension() == ".gz")
        name = name.stem();
    return name.stem().string();
}

std::string firstStem(const SeriesEntry& series)
{
    return series.files.empty() ? std::string() : stemOf(series.files.front());
}

// The id in the only row of a query that was run; 0 when there is no row.
Result<std::int64_t> onlyId(Statement& statement)
{
    const auto row = statement.next();
    if (!row)
        return row.error();
    return *row ? statement.integer(0) : std::int64_t{0};
}

} // namespace

std::string patientKeyOf(const SeriesEntry& series)
{
    const ImageInfo& info = series.info;
    for (const std::string* candidate : {&info.patientId, &info.patientName})
        if (!candidate->empty())
            return *candidate;
    // Slices are named alike in every study, so a DICOM series without a patient goes by its study.
    if (series.format == "dicom" && !info.studyUid.empty())
        return info.studyUid;
    return firstStem(series);
}

std::string shownNameOf(const SeriesEntry& series)
{
    for (const std::string* candidate : {&series.info.patientName, &series.info.patientId})
        if (!candidate->empty())
            return *candidate;
    return firstStem(series);
}

Result<void> SeriesStore::check(const SeriesEntry& series)
{
    const char* problem = series.contentKey.empty()       ? "a series without a content key"
                          : series.files.empty()          ? "a series without files"
                          : !isPlausible(series.geometry) ? "a series with an impossible grid"
                          : patientKeyOf(series).empty()  ? "a series without a patient and a file name"
                                                          : nullptr;
    if (problem)
        return Error{ErrorCode::InvalidArgument, series.contentKey, problem};
    return {};
}

Result<std::int64_t> SeriesStore::find(const std::string& contentKey)
{
    Statement select(m_db, "SELECT id FROM series WHERE content_key = ?");
    if (auto done = select.run(contentKey); !done)
        return done.error();
    return onlyId(select);
}

Result<std::int64_t> SeriesStore::findOrAddPatient(const std::string& key)
{
    Statement insert(m_db, "INSERT INTO patients(key) VALUES(?) ON CONFLICT(key) DO NOTHING");
    if (auto done = insert.run(key); !done)
        return done.error();
    Statement select(m_db, "SELECT id FROM patients WHERE key = ?");
    if (auto done = select.run(key); !done)
        return done.error();
    return onlyId(select);
}

Result<std::int64_t> SeriesStore::findOrAddStudy(std::int64_t patientId, const ImageInfo& info)
{
    Statement insert(m_db, "INSERT INTO studies(patient_id, uid, date, description) VALUES(?, ?, ?, ?) "
                           "ON CONFLICT(patient_id, uid) DO NOTHING");
    if (auto done = insert.run(patientId, info.studyUid, info.studyDate, info.studyDescription); !done)
        return done.error();
    Statement select(m_db, "SELECT id FROM studies WHERE patient_id = ? AND uid = ?");
    if (auto done = select.run(patientId, info.studyUid); !done)
        return done.error();
    return onlyId(select);
}

Result<std::int64_t> SeriesStore::findOrAdd(const SeriesEntry& series)
{
    const auto known = find(series.contentKey);
    if (!known || *known != 0)
        return known;
    const auto patient = findOrAddPatient(patientKeyOf(series));
    if (!patient)
        return patient;
    const auto study = findOrAddStudy(*patient, series.info);
    if (!study)
        return study;
    Statement insert(m_db,
                     "INSERT INTO series(study_id, content_key, format, transfer_syntax, header, geometry) "
                     "VALUES(?, ?, ?, ?, ?, ?)");
    if (auto done = insert.run(*study, series.contentKey, series.format, series.transferSyntaxUid,
                               headerJson(series), geometryJson(series.geometry));
        !done)
        return done.error();
    const std::int64_t id = insert.insertedId();
    if (auto done = replaceFiles(id, series.files); !done)
        return done.error();
    if (auto listed = WorklistStore(m_db).put(id, series); !listed)
        return listed.error();
    return id;
}

Result<void> SeriesStore::replaceFiles(std::int64_t seriesId, const std::vector<std::string>& files)
{
    Statement remove(m_db, "DELETE FROM files WHERE series_id = ?");
    if (auto done = remove.run(seriesId); !done)
        return done;
    Statement insert(m_db, "INSERT INTO files(series_id, position, path) VALUES(?, ?, ?)");
    for (std::size_t position = 0; position < files.size(); ++position)
        if (auto done = insert.run(seriesId, static_cast<std::int64_t>(position), files[position]); !done)
            return done;
    return {};
}

Result<std::int64_t> SeriesStore::patientOf(std::int64_t seriesId)
{
    Statement select(m_db,
                     "SELECT studies.patient_id FROM series JOIN studies ON studies.id = series.study_id "
                     "WHERE series.id = ?");
    if (auto done = select.run(seriesId); !done)
        return done.error();
    return onlyId(select);
}

Result<SeriesEntry> SeriesStore::read(std::int64_t seriesId)
{
    Statement select(
        m_db, "SELECT content_key, format, transfer_syntax, header, geometry FROM series WHERE id = ?");
    if (auto done = select.run(seriesId); !done)
        return done.error();
    const auto row = select.next();
    if (!row)
        return row.error();
    if (!*row)
        return Error{ErrorCode::NotFound, {}, "no such series"};
    auto series = seriesFromRow(select, 0);
    if (!series)
        return series;
    Statement files(m_db, "SELECT path FROM files WHERE series_id = ? ORDER BY position");
    if (auto done = files.run(seriesId); !done)
        return done.error();
    for (;;) {
        const auto more = files.next();
        if (!more)
            return more.error();
        if (!*more)
            return series;
        series->files.push_back(files.text(0));
    }
}

Result<void> SeriesStore::checkSame(const SeriesEntry& known, const SeriesEntry& moved)
{
    if (!sameGrid(known.geometry, moved.geometry))
        return Error{ErrorCode::GeometryMismatch, moved.contentKey, "the moved series has another grid"};
    if (known.contentKey == moved.contentKey)
        return {};
    // What has no UID is known by its path, which changes when it is moved.
    const bool hasUid = !known.info.seriesUid.empty() || !moved.info.seriesUid.empty();
    if ((known.format == "dicom" && hasUid) || known.format != moved.format)
        return Error{ErrorCode::Conflict, moved.contentKey, "another series"};
    const auto other = find(moved.contentKey);
    if (!other)
        return other.error();
    if (*other != 0)
        return Error{ErrorCode::Conflict, moved.contentKey, "this file belongs to another case"};
    return {};
}

Result<void> SeriesStore::relink(std::int64_t seriesId, const SeriesEntry& moved)
{
    const auto known = read(seriesId);
    if (!known)
        return known.error();
    if (auto same = checkSame(*known, moved); !same)
        return same;
    // The grid stays the recorded one, to the last bit: masks lie on it.
    Statement update(m_db, "UPDATE series SET content_key = ?, transfer_syntax = ? WHERE id = ?");
    if (auto done = update.run(moved.contentKey, moved.transferSyntaxUid, seriesId); !done)
        return done;
    return replaceFiles(seriesId, moved.files);
}

Result<void> SeriesStore::replace(std::int64_t seriesId, const SeriesEntry& series)
{
    Statement update(m_db, "UPDATE series SET content_key = ?, transfer_syntax = ?, header = ?, geometry = ? WHERE id = ?");
    if (auto done = update.run(series.contentKey, series.transferSyntaxUid, headerJson(series),
                               geometryJson(series.geometry), seriesId);
        !done)
        return done;
    if (auto listed = WorklistStore(m_db).put(seriesId, series); !listed)
        return listed;
    return replaceFiles(seriesId, series.files);
}

Result<void> SeriesStore::replaceHeader(std::int64_t seriesId, const SeriesEntry& series)
{
    Statement update(m_db, "UPDATE series SET header = ? WHERE id = ?");
    return update.run(headerJson(series), seriesId);
}

Result<SeriesEntry> seriesFromRow(const Statement& row, int column)
{
    SeriesEntry series;
    const auto geometry = geometryFromJson(row.text(column + 4));
    if (!geometry || !readHeaderJson(row.text(column + 3), series))
        return corruptRow("a series' header or grid");
    series.contentKey = row.text(column);
    series.format = row.text(column + 1);
    series.transferSyntaxUid = row.text(column + 2);
    series.geometry = *geometry;
    return series;
}

} // namespace annotomy
