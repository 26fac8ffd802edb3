#include "app/desktop/icons.h"
#include "app/desktop/language.h"
#include "app/desktop/main_window.h"
#include "app/desktop/status_bar.h"
#include "app/desktop/theme.h"
#include "app/workbench/errors.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QMessageBox>
#include <QProcess>
#include <QScreen>
#include <QSurfaceFormat>

#include <cstdio>
#include <memory>

namespace annotomy {

namespace {

struct Arguments {
    QString workspace; // empty: none was given
    bool demo = false;
    bool logConfirmed = false;
};

Arguments parseArguments(const QCoreApplication& application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QApplication::translate("Main", "Annotomy: annotate CT and MR studies with a learning model."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption workspace(QStringLiteral("workspace"),
                                       QApplication::translate("Main", "The workspace folder."),
                                       QStringLiteral("DIR"));
    const QCommandLineOption demo(
        QStringLiteral("demo"),
        QApplication::translate("Main",
                                "Perform the whole main job on synthetic studies first, then show it."));
    const QCommandLineOption logConfirmed(
        QStringLiteral("log-confirmed"),
        QApplication::translate("Main", "Print the number of every edit that the disk has confirmed."));
    parser.addOptions({workspace, demo, logConfirmed});
    parser.process(application);
    return {parser.value(workspace), parser.isSet(demo), parser.isSet(logConfirmed)};
}

// The demonstration is the command line's; the window opens on its workspace. Returns its exit status.
int performDemo(const QString& folder)
{
    const QString program =
        QFileInfo(QCoreApplication::applicationFilePath()).dir().filePath(QStringLiteral("annotomy-cli"));
    QDir().mkpath(folder);
    const int status =
        QProcess::execute(program, {QStringLiteral("--workspace"), folder, QStringLiteral("demo")});
    if (status < 0)
        std::fprintf(stderr, "%s could not be run\n", qPrintable(program));
    return status;
}

bool hasDisplay()
{
#ifdef Q_OS_LINUX
    return !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") ||
           !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM");
#else
    return true;
#endif
}

QString newDemoFolder()
{
    const QString time = QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd-HHmmss"));
    return QDir::home().filePath(QStringLiteral("Annotomy-demo/") + time);
}

void fail(const Error& error)
{
    std::fprintf(stderr, "%s\n", qPrintable(sentence(error)));
    if (QGuiApplication::platformName() != QLatin1String("offscreen"))
        QMessageBox::critical(nullptr, QStringLiteral("Annotomy"), sentence(error));
}

// The window, built anew when the language changes.
class WindowKeeper : public QObject {
public:
    WindowKeeper(CaseController& controller, Language& language)
        : m_controller(controller), m_language(language)
    {
        build();
    }

    MainWindow& window() { return *m_window; }

private:
    void build()
    {
        m_window = std::make_unique<MainWindow>(m_controller);
        m_window->status().setLanguages(Language::ownNames()[m_language.current()], Language::ownNames());
        connect(
            &m_window->status(), &StatusBar::languageRequested, this, [this](int index) { change(index); },
            Qt::QueuedConnection);
    }

    void change(int index)
    {
        const QByteArray geometry = m_window->saveGeometry();
        m_language.choose(index);
        const std::unique_ptr<MainWindow> former = std::move(m_window);
        build();
        m_window->restoreGeometry(geometry);
        m_window->tools().takeFrom(former->tools());
        m_window->show();
    }

    CaseController& m_controller;
    Language& m_language;
    std::unique_ptr<MainWindow> m_window;
};

// One line a case, "opened CASE", and one an edit, "confirmed CASE SEQUENCE", for whoever must know what a sudden end may not take away.
void logConfirmations(CaseController& controller)
{
    QObject::connect(&controller, &CaseController::caseOpened, &controller, [&controller] {
        CaseSession* session = controller.session();
        std::printf("opened %lld\n", static_cast<long long>(session->record().id.value));
        std::fflush(stdout);
        QObject::connect(session, &CaseSession::confirmed, session, [session](qint64 sequence, const QDateTime&) {
            std::printf("confirmed %lld %lld\n", static_cast<long long>(session->record().id.value),
                        static_cast<long long>(sequence));
            std::fflush(stdout);
        });
    });
}

// As large as designed, unless the screen is smaller.
void showFitted(QWidget& window)
{
    const QSize room = window.screen()->availableSize();
    if (room.width() > window.width() && room.height() > window.height())
        return window.show();
    window.resize(room.boundedTo(window.size())); // for displays without a window manager, which do not maximise
    window.showMaximized();
}

int run(const Arguments& arguments)
{
    const std::string folder = arguments.workspace.toStdString();
    auto workbench = Workbench::open(folder);
    if (!workbench) {
        fail(workbench.error());
        return 1;
    }
    JobRunner jobs(folder, (*workbench)->programs());
    CaseController controller(**workbench, jobs);
    if (arguments.logConfirmed)
        logConfirmations(controller);
    Language language;
    WindowKeeper keeper(controller, language);
    showFitted(keeper.window());
    keeper.window().openFirstCase();
    return QApplication::exec();
}

void prepareGraphics()
{
#ifdef Q_OS_LINUX
    // VTK's OpenGL loader in Debian is built for GLX: with an EGL context (Wayland) it complains at every
    // frame.
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") && !qEnvironmentVariableIsEmpty("DISPLAY"))
        qputenv("QT_QPA_PLATFORM", "xcb");
#endif
    QSurfaceFormat format;
    format.setVersion(3, 2);
    format.setProfile(QSurfaceFormat::CoreProfile);
    format.setDepthBufferSize(24);
    format.setStencilBufferSize(8);
    format.setSamples(0);
    QSurfaceFormat::setDefaultFormat(format);
    QApplication::setAttribute(Qt::AA_DontCreateNativeWidgetSiblings);
}

} // namespace

} // namespace annotomy

int main(int argc, char** argv)
{
    using namespace annotomy;
    QCoreApplication::setApplicationName(QStringLiteral("annotomy"));
    QCoreApplication::setOrganizationName(QStringLiteral("Annotomy"));
    QCoreApplication::setApplicationVersion(QStringLiteral("0.1.0"));
    Arguments arguments;
    if (const QByteArrayList words(argv + 1, argv + argc); words.contains("--demo")) {
        const QCoreApplication console(argc, argv); // needs no display
        arguments = parseArguments(console);
        if (arguments.workspace.isEmpty())
            arguments.workspace = newDemoFolder();
        if (const int status = performDemo(arguments.workspace); status != 0 || !hasDisplay())
            return status == 0 ? 0 : 1;
    }
    if (!hasDisplay()) {
        const QCoreApplication console(argc, argv);
        parseArguments(console); // --help and --version
        std::fprintf(stderr, "There is no display to open the window on; annotomy-cli works without one.\n");
        return 1;
    }
    prepareGraphics();
    QApplication application(argc, argv);
    QApplication::setWindowIcon(applicationIcon());
    theme::applyTo(application);
    if (!arguments.demo)
        arguments = parseArguments(application);
    if (arguments.workspace.isEmpty())
        arguments.workspace = QString::fromStdString(defaultWorkspaceFolder());
    return run(arguments);
}
