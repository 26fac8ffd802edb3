#include "app/workbench/errors.h"

#include <QCoreApplication>

namespace annotomy {

namespace {

class Errors {
    Q_DECLARE_TR_FUNCTIONS(Errors)

public:
    static QString pattern(const Error& error); // with %1 for the subject, %2 for the detail
    static QString nameless() { return tr("This"); }

private:
    static QString fileSentence(ErrorCode code);
    static QString workSentence(ErrorCode code);
};

// For failures of files and folders.
QString Errors::fileSentence(ErrorCode code)
{
    switch (code) {
    case ErrorCode::PermissionDenied:
        return tr("You have no permission to use %1: ask for access, or choose another place.");
    case ErrorCode::DiskFull:
        return tr("The disk that holds %1 is full: free some space and try again; nothing that was saved is lost.");
    case ErrorCode::IoFailure:
        return tr("%1 could not be read or written: check the disk or the network, then try again (%2).");
    case ErrorCode::EmptyFolder:
        return tr("There is no image in %1: choose a file, folder or ZIP archive with DICOM, NIfTI, NRRD or MetaImage "
                  "images (%2).");
    case ErrorCode::Unrecognised:
        return tr("%1 is not a file that Annotomy reads: it reads DICOM (SEG and RTSTRUCT, too), NIfTI, NRRD, MetaImage "
                  "and ZIP archives of them.");
    case ErrorCode::Truncated:
        return tr("%1 ends too early: copy or export it again from its source.");
    case ErrorCode::Malformed:
        return tr("%1 is damaged or contradicts its own format: export it again from its source (%2).");
    case ErrorCode::Unsupported:
        return tr("%1 is of a kind that Annotomy does not handle (%2).");
    case ErrorCode::ReaderDied:
        return tr("%1 could not be read, because the reading program ended on it: leave this file out, or convert it "
                  "with another program.");
    case ErrorCode::Duplicate:
        return tr("%1 repeats what is there already: it was left out (%2).");
    case ErrorCode::NoImage:
        return tr("%1 holds neither an image nor a mask: there is nothing to open in it (%2).");
    case ErrorCode::LooseMask:
        return tr("%1 is a mask and was not attached: attach it to the case of its image (%2).");
    default:
        return tr("%1 changed since it was recorded, or is damaged: restore it from a copy before using it.");
    }
}

// For failures of cases, masks, models and the workspace.
QString Errors::workSentence(ErrorCode code)
{
    switch (code) {
    case ErrorCode::GeometryMismatch:
        return tr("%1 does not lie on the grid of the image: choose the mask that was made on this image (%2).");
    case ErrorCode::TooManySegments:
        return tr("%1 holds more than 255 segments: split it into several masks.");
    case ErrorCode::OutOfMemory:
        return tr("There was not enough memory for %1: close other programs, or choose a smaller image or recipe.");
    case ErrorCode::WorkerDied:
        return tr("The model's program ended while it worked on %1: try again; a training can be resumed (%2).");
    case ErrorCode::WorkerFailed:
        return tr("The model's program could not finish %1: %2");
    case ErrorCode::NewerWorkspace:
        return tr("The workspace %1 was written by a later version of Annotomy: open it with that version.");
    case ErrorCode::CorruptDatabase:
        return tr("The database of the workspace %1 is damaged: restore it from a backup copy (%2).");
    case ErrorCode::DatabaseFailure:
        return tr("The database of the workspace could not be used for %1: try again (%2).");
    case ErrorCode::CaseInUse:
        return tr("The case %1 is open in another window or program: close it there first (%2).");
    case ErrorCode::ReadOnly:
        return tr("%1 can only be read: open it where you may write (%2).");
    default:
        return tr("%1 is not possible as things stand: %2");
    }
}

bool isAboutFiles(ErrorCode code)
{
    switch (code) {
    case ErrorCode::PermissionDenied:
    case ErrorCode::DiskFull:
    case ErrorCode::IoFailure:
    case ErrorCode::EmptyFolder:
    case ErrorCode::Unrecognised:
    case ErrorCode::Truncated:
    case ErrorCode::Malformed:
    case ErrorCode::Unsupported:
    case ErrorCode::ReaderDied:
    case ErrorCode::Duplicate:
    case ErrorCode::NoImage:
    case ErrorCode::LooseMask:
    case ErrorCode::HashMismatch: return true;
    default: return false;
    }
}

QString Errors::pattern(const Error& error)
{
    switch (error.code) {
    case ErrorCode::Cancelled: return tr("Cancelled; nothing was changed.");
    case ErrorCode::InvalidArgument: return tr("%1 is not a valid request: %2");
    case ErrorCode::NotFound: return tr("%1 was not found: check its name, or point to where it is now (%2).");
    default: return isAboutFiles(error.code) ? fileSentence(error.code) : workSentence(error.code);
    }
}

// Details come from libraries: one line, without a full stop of its own.
QString oneLine(const std::string& text)
{
    QString line = QString::fromStdString(text).simplified();
    while (line.endsWith(QLatin1Char('.')))
        line.chop(1);
    return line;
}

} // namespace

QString sentence(const Error& error)
{
    QString text = Errors::pattern(error);
    const QString given = QString::fromStdString(error.subject).simplified();
    const QString subject = given.isEmpty() ? Errors::nameless() : given;
    const QString detail = oneLine(error.detail);
    if (detail.isEmpty()) {
        text.remove(QStringLiteral(" (%2)"));
        text.replace(QStringLiteral(": %2"), QStringLiteral("."));
    } else if (text.endsWith(QStringLiteral("%2"))) {
        text.append(QLatin1Char('.'));
    }
    // One pass, so that a percent sign in a file's name is left alone.
    return text.contains(QStringLiteral("%2")) ? text.arg(subject, detail)
           : text.contains(QStringLiteral("%1")) ? text.arg(subject)
                                                 : text;
}

} // namespace annotomy
