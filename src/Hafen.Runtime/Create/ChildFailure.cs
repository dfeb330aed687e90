using System.Text;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Create;

/// <summary>Turns a child's failure message, which holds numbers, into words. Where Docker's clients match on a text it is runc's, that is Go's.</summary>
internal static unsafe class ChildFailure
{
    public static Failure Describe(IReadOnlyList<PlannedStep> plan, in ChildMessage message)
    {
        var step = (uint)message.Step < (uint)plan.Count ? plan[message.Step] : new PlannedStep(StepCode.Execute, "init");
        fixed (byte* text = message.Text)
            return Describe(step, message.Number, message.Detail, Note(new ReadOnlySpan<byte>(text, ChildMessage.TextRoom)));
    }

    /// <summary>A child that others have taken over need not end its text.</summary>
    private static string Note(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text.IndexOf((byte)0) is >= 0 and var end ? text[..end] : text);

    public static Failure Describe(PlannedStep step, int errno, ChildDetail detail, string note)
    {
        string error = Errno.Text(errno);
        var kind = ErrorKind.System;
        string message;
        switch (step.Code, detail)
        {
            case (StepCode.FindExecutable, ChildDetail.NotInPath):
                kind = ErrorKind.CommandNotFound;
                message = $"exec: \"{step.Text}\": executable file not found in $PATH";
                break;
            case (StepCode.FindExecutable, ChildDetail.CommandStatus):
                kind = errno is Errno.ENOENT or Errno.ENOTDIR ? ErrorKind.CommandNotFound : ErrorKind.CommandNotExecutable;
                message = $"exec: \"{step.Text}\": stat {step.Text}: {error}";
                break;
            case (StepCode.FindExecutable, _):
                kind = ErrorKind.CommandNotExecutable;
                message = $"exec: \"{step.Text}\": {error}";
                break;
            case (StepCode.Execute, _):
                kind = errno == Errno.ENOENT ? ErrorKind.CommandNotFound : ErrorKind.CommandNotExecutable;
                message = $"exec {step.Second}: {error}";
                break;
            case (StepCode.WorkingDirectory, ChildDetail.OutsideRoot):
                message = $"chdir to cwd (\"{step.Text}\"): current working directory is outside of container mount namespace root -- possible container breakout detected";
                break;
            case (StepCode.WorkingDirectory, _):
                message = $"chdir to cwd (\"{step.Text}\") set in config.json failed: {error}";
                break;
            case (_, ChildDetail.NotOrdinaryFolder):
                message = $"{step.Stage}: must be mounted on ordinary directory";
                break;
            case (_, ChildDetail.WrongFileSystem):
                message = $"{step.Stage}: not on the file system it should be";
                break;
            case (_, ChildDetail.HookStatus):
                message = $"{step.Stage}: exit status {errno}";
                errno = 0;
                break;
            case (_, ChildDetail.HookTimeout):
                message = $"{step.Stage}: took longer than {step.Value} ms";
                break;
            case (StepCode.ResourceLimit, _) when errno == Errno.EPERM:
                message = $"{step.Stage}: {error} (raising a hard limit needs CAP_SYS_RESOURCE, which this runtime does not have)";
                break;
            default:
                message = $"{step.Stage}: {error}";
                break;
        }

        return new Failure(kind, errno, step.Stage, note.Length > 0 ? $"{message} ({note})" : message);
    }
}
