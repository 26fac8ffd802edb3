#include "storage/metric_store.h"

namespace annotomy {

namespace {

void readOverlap(const Statement& row, OverlapMetrics& overlap)
{
    overlap.voxelsReference = row.integer(4);
    overlap.voxelsMask = row.integer(5);
    overlap.tp = row.integer(6);
    overlap.fp = row.integer(7);
    overlap.fn = row.integer(8);
    overlap.tn = row.integer(9);
    overlap.precision = row.optionalNumber(10);
    overlap.recall = row.optionalNumber(11);
    overlap.f1 = row.optionalNumber(12);
    overlap.dice = row.optionalNumber(13);
    overlap.iou = row.optionalNumber(14);
    overlap.accuracy = row.optionalNumber(15);
    overlap.falsePositiveRate = row.optionalNumber(16);
    overlap.falseNegativeRate = row.optionalNumber(17);
    overlap.volumeReferenceMl = row.number(18);
    overlap.volumeMaskMl = row.number(19);
    overlap.volumeDifferenceMl = row.number(20);
}

MetricRecord metricFromRow(const Statement& row)
{
    MetricRecord record;
    record.reference = row.id<RevisionId>(0);
    record.mask = row.id<RevisionId>(1);
    record.purpose = row.text(2);
    record.metrics.value = row.integer(3);
    readOverlap(row, record.metrics.overlap);
    SurfaceMetrics& surface = record.metrics.surface;
    surface.hdMm = row.optionalNumber(21);
    surface.hd95Mm = row.optionalNumber(22);
    surface.assdMm = row.optionalNumber(23);
    surface.nsd = row.optionalNumber(24);
    return record;
}

bool hasCounts(const OverlapMetrics& overlap)
{
    for (const std::int64_t count :
         {overlap.voxelsReference, overlap.voxelsMask, overlap.tp, overlap.fp, overlap.fn, overlap.tn})
        if (count < 0)
            return false;
    return true;
}

} // namespace

Result<void> MetricStore::removePair(CaseId id, const MetricRecord& metric)
{
    Statement remove(
        m_db, "DELETE FROM metrics WHERE case_id = ? AND reference IS ? AND mask IS ? AND purpose = ?");
    return remove.run(id, metric.reference, metric.mask, metric.purpose);
}

Result<void> MetricStore::insert(CaseId id, const MetricRecord& metric)
{
    const OverlapMetrics& o = metric.metrics.overlap;
    const SurfaceMetrics& s = metric.metrics.surface;
    if (!hasCounts(o))
        return Error{ErrorCode::InvalidArgument, {}, "metrics with a negative count"};
    Statement statement(m_db,
                        "INSERT INTO metrics(case_id, reference, mask, purpose, segment, voxels_reference, "
                        "voxels_mask, tp, fp, fn, tn, precision, recall, f1, dice, iou, accuracy, "
                        "false_positive_rate, false_negative_rate, volume_reference_ml, volume_mask_ml, "
                        "volume_difference_ml, hd_mm, hd95_mm, assd_mm, nsd) VALUES(?, ?, ?, ?, ?, ?, ?, ?, "
                        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    return statement.run(id, metric.reference, metric.mask, metric.purpose, metric.metrics.value,
                         o.voxelsReference, o.voxelsMask, o.tp, o.fp, o.fn, o.tn, o.precision, o.recall, o.f1,
                         o.dice, o.iou, o.accuracy, o.falsePositiveRate, o.falseNegativeRate,
                         o.volumeReferenceMl, o.volumeMaskMl, o.volumeDifferenceMl, s.hdMm, s.hd95Mm,
                         s.assdMm, s.nsd);
}

Result<void> MetricStore::store(CaseId id, const std::vector<MetricRecord>& metrics)
{
    return atomically(m_db, [&]() -> Result<void> {
        for (const MetricRecord& metric : metrics)
            if (auto done = removePair(id, metric); !done)
                return done;
        for (const MetricRecord& metric : metrics)
            if (auto done = insert(id, metric); !done)
                return done;
        return {};
    });
}

Result<std::vector<MetricRecord>> MetricStore::ofCase(CaseId id)
{
    Statement select(
        m_db, "SELECT reference, mask, purpose, segment, voxels_reference, voxels_mask, tp, fp, fn, tn, "
              "precision, recall, f1, dice, iou, accuracy, false_positive_rate, false_negative_rate, "
              "volume_reference_ml, volume_mask_ml, volume_difference_ml, hd_mm, hd95_mm, assd_mm, nsd "
              "FROM metrics WHERE case_id = ? ORDER BY purpose, reference, mask, segment");
    if (auto done = select.run(id); !done)
        return done.error();
    std::vector<MetricRecord> records;
    for (;;) {
        const auto row = select.next();
        if (!row)
            return row.error();
        if (!*row)
            return records;
        records.push_back(metricFromRow(select));
        if (!hasCounts(records.back().metrics.overlap))
            return corruptRow("a metric's count");
    }
}

} // namespace annotomy
