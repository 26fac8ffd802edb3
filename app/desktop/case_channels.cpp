#include "app/desktop/case_channels.h"

#include "app/desktop/patient_name.h"
#include "core/image/resample.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace annotomy {

namespace {

// Images that are to look alike share their window: the times of one contrast, but not its echoes or b-values.
std::string kindOf(const CaseChannel& channel)
{
    const SequencePlace& place = channel.series.sequence;
    if (place.key.empty())
        return channel.series.contentKey;
    const bool sameContrast = place.kind == "time" || place.kind == "trigger";
    return sameContrast ? place.key : place.key + '#' + std::to_string(place.index);
}

// The primary image's sequence first, then the others as the workspace lists them; every sequence in its own order.
void sortChannels(std::vector<CaseChannel>& channels)
{
    std::map<std::string, std::size_t> firstOf;
    for (std::size_t n = 0; n < channels.size(); ++n)
        firstOf.try_emplace(channels[n].series.sequence.key, n);
    std::vector<std::pair<std::pair<std::size_t, int>, CaseChannel>> ordered;
    for (std::size_t n = 0; n < channels.size(); ++n) {
        const SequencePlace& place = channels[n].series.sequence;
        const std::size_t rank = place.key.empty() ? n : firstOf[place.key];
        ordered.push_back({{rank, place.index}, std::move(channels[n])});
    }
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const auto& one, const auto& other) { return one.first < other.first; });
    for (std::size_t n = 0; n < channels.size(); ++n)
        channels[n] = std::move(ordered[n].second);
}

// What tells the members of a sequence apart.
QString sequenceWord(const std::string& kind)
{
    if (kind == "time")
        return CaseChannels::tr("time");
    if (kind == "trigger")
        return CaseChannels::tr("trigger delay");
    if (kind == "echo")
        return CaseChannels::tr("echo");
    if (kind == "bValue")
        return CaseChannels::tr("b-value");
    if (kind == "phase")
        return CaseChannels::tr("phase");
    return CaseChannels::tr("volume");
}

QString valueText(const SequencePlace& place)
{
    const QString value = QString::number(place.value, 'g', 6);
    if (place.unit == "s/mm2")
        return QStringLiteral(" · %1 s/mm²").arg(value);
    return place.unit.empty() ? QString() : QStringLiteral(" · %1 %2").arg(value, QString::fromStdString(place.unit));
}

// The name that a member of a sequence bears before its number: "DCE" of "DCE time 3".
QString prefixOf(const CaseChannel& channel)
{
    const SequencePlace& place = channel.series.sequence;
    QString name = QString::fromStdString(channel.name);
    const QString number = QString::fromStdString(place.kind + ' ' + std::to_string(place.index + 1));
    if (name.endsWith(number))
        name.chop(number.size());
    name = name.trimmed();
    return name.isEmpty() || name == QStringLiteral("image") ? QString() : name + QLatin1Char(' ');
}

// "PT · WB CTAC": of the image shown, so that nobody takes the PET for the CT it is shown with.
QString seriesLine(const ImageInfo& info, const QString& patient)
{
    const std::string& series = info.seriesDescription.empty() ? info.studyDescription : info.seriesDescription;
    QStringList parts;
    for (const std::string& part : {info.modality, series})
        if (!part.empty() && part != "OT" && readableName(part) != patient)
            parts << QString::fromStdString(part);
    return parts.join(QStringLiteral(" · "));
}

} // namespace

QString channelTitle(const CaseChannel& channel)
{
    const SequencePlace& place = channel.series.sequence;
    if (!place.key.empty())
        return prefixOf(channel)
               + QStringLiteral("%1 %2 / %3").arg(sequenceWord(place.kind)).arg(place.index + 1).arg(place.count)
               + valueText(place);
    if (!channel.name.empty() && channel.name != "image")
        return QString::fromStdString(channel.name);
    const std::string& modality = channel.series.info.modality;
    return modality.empty() || modality == "OT" ? CaseChannels::tr("Image") : QString::fromStdString(modality);
}

CaseChannels::CaseChannels(JobRunner& jobs, ViewState& view, QObject* parent)
    : QObject(parent), m_jobs(jobs), m_view(view)
{
}

void CaseChannels::open(const CaseRecord& record, const Volume& primary, const std::vector<ChannelRecord>& channels)
{
    close();
    m_case = record.id;
    m_channels.push_back({record.channel, true, record.series});
    for (const ChannelRecord& channel : channels)
        m_channels.push_back({channel.name, false, channel.series});
    sortChannels(m_channels);
    m_images.resize(m_channels.size());
    const auto first = std::find_if(m_channels.begin(), m_channels.end(),
                                    [](const CaseChannel& channel) { return channel.primary; });
    m_shown = static_cast<int>(first - m_channels.begin());
    m_images[static_cast<std::size_t>(m_shown)] = primary;
    nameShown();
    Q_EMIT listChanged();
    Q_EMIT shownChanged();
}

void CaseChannels::nameShown()
{
    const CaseChannel& shown = m_channels[static_cast<std::size_t>(m_shown)];
    const bool several = m_channels.size() > 1;
    m_view.overlayText.channel = several ? channelTitle(shown) : QString();
    if (several)
        m_view.overlayText.series = seriesLine(shown.series.info, m_view.overlayText.patient);
}

void CaseChannels::retranslate()
{
    if (m_shown >= 0)
        nameShown();
}

void CaseChannels::close()
{
    for (Job* job : {m_job.data(), m_valuesJob.data()})
        if (job)
            job->cancel();
    m_case = {};
    m_channels.clear();
    m_images.clear();
    m_windows.clear();
    m_shown = m_loading = -1;
    Q_EMIT listChanged();
    Q_EMIT loadingChanged();
}

void CaseChannels::step(int by)
{
    if (m_shown < 0)
        return;
    const int from = m_loading >= 0 ? m_loading : m_shown;
    show(std::clamp(from + by, 0, static_cast<int>(m_channels.size()) - 1));
}

void CaseChannels::show(int index)
{
    if (index < 0 || index >= static_cast<int>(m_channels.size()) || index == m_loading)
        return;
    if (m_job)
        m_job->cancel();
    m_loading = -1;
    if (index == m_shown) {
        Q_EMIT loadingChanged();
        return;
    }
    if (!m_images[static_cast<std::size_t>(index)].isNull())
        return present(index);
    m_loading = index;
    const CaseId id = m_case;
    const CaseChannel& channel = m_channels[static_cast<std::size_t>(index)];
    const std::string name = channel.primary ? std::string() : channel.name;
    m_job = m_jobs.run<Volume>(
        Job::Kind::Open, {staticMetaObject, QT_TR_NOOP("Reading an image")}, this,
        [id, name](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return workbench.channelImage(id, name, stop, report);
        },
        [this, id, index](Result<Volume> image) {
            if (id != m_case || index != m_loading)
                return; // another one was chosen meanwhile
            m_loading = -1;
            if (!image) {
                Q_EMIT loadingChanged();
                if (image.error().code != ErrorCode::Cancelled)
                    Q_EMIT failed(image.error());
                return;
            }
            m_images[static_cast<std::size_t>(index)] = *image;
            present(index);
        });
    Q_EMIT loadingChanged();
}

void CaseChannels::present(int index)
{
    const std::string former = kindOf(m_channels[static_cast<std::size_t>(m_shown)]);
    const CaseChannel& channel = m_channels[static_cast<std::size_t>(index)];
    const std::string kind = kindOf(channel);
    m_windows[former] = m_view.window();
    const auto kept = m_windows.find(kind);
    m_shown = index;
    nameShown();
    m_view.showImage(m_images[static_cast<std::size_t>(index)], channel.series.info,
                     kept == m_windows.end() ? std::nullopt : std::optional(kept->second));
    if (former != kind)
        Q_EMIT kindChanged();
    prepareValues();
    Q_EMIT loadingChanged();
    Q_EMIT shownChanged();
}

// Tools count the mask's voxels: an image on another grid is resampled onto it once it is shown.
void CaseChannels::prepareValues()
{
    if (m_valuesJob)
        m_valuesJob->cancel();
    if (m_view.shownOnGrid())
        return;
    const CaseId id = m_case;
    const int index = m_shown;
    m_valuesJob = m_jobs.run<Volume>(
        Job::Kind::Other, {}, this,
        [shown = m_view.shown(), grid = m_view.volume().geometry()](Workbench&, std::stop_token stop,
                                                                    const JobReport&) {
            return resampled(shown, grid, std::numeric_limits<float>::quiet_NaN(), stop);
        },
        [this, id, index](Result<Volume> values) {
            if (id != m_case || index != m_shown)
                return;
            if (values)
                m_view.setValues(*values);
            else if (values.error().code != ErrorCode::Cancelled)
                Q_EMIT failed(values.error());
        });
}

} // namespace annotomy
