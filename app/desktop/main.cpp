#include "app/desktop/icons.h"
#include "app/desktop/language.h"
#include "app/desktop/main_window.h"
#include "app/desktop/status_bar.h"
#include "app/desktop/theme.h"
#include "app/workbench/errors.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QMessageBox>
#include <QSurfaceFormat>

#include <cstdio>

namespace annotomy {

namespace {

struct Arguments {
    QString workspace;
};

Arguments parseArguments(const QApplication& application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QApplication::translate("Main", "Annotomy: annotate CT and MR studies with a learning model."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption workspace(QStringLiteral("workspace"),
                                       QApplication::translate("Main", "The workspace folder."), QStringLiteral("DIR"),
                                       QString::fromStdString(defaultWorkspaceFolder()));
    parser.addOption(workspace);
    parser.process(application);
    return {parser.value(workspace)};
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
    WindowKeeper(CaseController& controller, Language& language) : m_controller(controller), m_language(language)
    {
        build();
    }

    MainWindow& window() { return *m_window; }

private:
    void build()
    {
        m_window = std::make_unique<MainWindow>(m_controller);
        m_window->status().setLanguages(Language::ownNames()[m_language.current()], Language::ownNames());
        connect(&m_window->status(), &StatusBar::languageRequested, this, [this](int index) { change(index); },
                Qt::QueuedConnection);
    }

    void change(int index)
    {
        const QByteArray geometry = m_window->saveGeometry();
        m_language.choose(index);
        const std::unique_ptr<MainWindow> former = std::move(m_window);
        build();
        m_window->restoreGeometry(geometry);
        m_window->show();
    }

    CaseController& m_controller;
    Language& m_language;
    std::unique_ptr<MainWindow> m_window;
};

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
    Language language;
    WindowKeeper keeper(controller, language);
    keeper.window().show();
    keeper.window().openFirstCase();
    return QApplication::exec();
}

void prepareGraphics()
{
#ifdef Q_OS_LINUX
    // VTK's OpenGL loader in Debian is built for GLX: with an EGL context (Wayland) it complains at every frame.
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
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
    annotomy::prepareGraphics();
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("annotomy"));
    QApplication::setOrganizationName(QStringLiteral("Annotomy"));
    QApplication::setApplicationVersion(QStringLiteral("0.1.0"));
    QApplication::setWindowIcon(annotomy::applicationIcon());
    annotomy::theme::applyTo(application);
    return annotomy::run(annotomy::parseArguments(application));
}
