#pragma once

#include <QFrame>
#include <QPointer>

class QVBoxLayout;

namespace annotomy {

// Notices at the top of the images: a failure stays until it is closed or overcome, a hint leaves by itself. The same
// text is shown once. Lies over `host` and takes no room there.
class NoticeArea : public QWidget {
    Q_OBJECT

public:
    explicit NoticeArea(QWidget* host);

    enum class Kind { Hint, Failure };
    void post(const QString& text, Kind kind);
    void dismissFailures(); // what they told of is over
    QStringList texts() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();

    QVBoxLayout* m_layout;
};

} // namespace annotomy
