#pragma once

#include "app/desktop/job_runner.h"
#include "viewer/view_state.h"

#include <QObject>
#include <QPointer>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace annotomy {

// One of a case's images: the primary one, a channel, or one time of a sequence.
struct CaseChannel {
    std::string name; // as the workspace knows it
    bool primary = false;
    SeriesEntry series;
};

// The images of the open case and which of them is shown. Decodes a channel in the background when it is first asked for, keeps
// each one's display window, and brings images on other grids onto the mask's for the tools. GUI thread.
class CaseChannels : public QObject {
    Q_OBJECT

public:
    CaseChannels(JobRunner& jobs, ViewState& view, QObject* parent = nullptr);

    // The case whose primary image the view shows.
    void open(const CaseRecord& record, const Volume& primary, const std::vector<ChannelRecord>& channels);
    void close();

    const std::vector<CaseChannel>& all() const { return m_channels; } // in the order in which keys step; one or none: nothing to choose
    int shown() const { return m_shown; }   // -1 without a case
    int loading() const { return m_loading; } // -1: none
    void show(int index);
    void step(int by); // stops at the ends; counts from the one being loaded
    void retranslate(); // the shown one's title over the images

Q_SIGNALS:
    void listChanged();
    void shownChanged();
    void loadingChanged();
    void kindChanged(); // another kind of image is shown: values that suited the former one do not suit it
    void failed(const annotomy::Error& error);

private:
    void nameShown();
    void present(int index);
    void prepareValues();

    JobRunner& m_jobs;
    ViewState& m_view;
    CaseId m_case;
    std::vector<CaseChannel> m_channels;
    std::vector<Volume> m_images; // mapped from the cache; null: not asked for yet
    std::map<std::string, DisplayWindow> m_windows; // by kind
    int m_shown = -1, m_loading = -1;
    QPointer<Job> m_job, m_valuesJob;
};

// How lists name an image: "PET", and of a sequence "time 3 / 60 · 2.4 s".
QString channelTitle(const CaseChannel& channel);

} // namespace annotomy
