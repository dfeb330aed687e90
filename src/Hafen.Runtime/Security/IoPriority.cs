using Hafen.Errors;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;

namespace Hafen.Runtime.Security;

/// <summary>The number ioprio_set(2) takes: class in the bits from 13 on, level below.</summary>
internal static class IoPriority
{
    private const int ClassShift = 13;

    private static readonly string[] s_classes = ["IOPRIO_CLASS_NONE", "IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE"];

    /// <exception cref="RuntimeException">InvalidArgument: an unknown class, or a level outside 0 to 7.</exception>
    public static long Encode(SpecIoPriority priority)
    {
        int number = Array.IndexOf(s_classes, priority.Class);
        if (number < 1 || priority.Priority is < 0 or > 7)
            throw new RuntimeException(ErrorKind.InvalidParameter, "ioPriority", $"invalid I/O priority {priority.Class} {priority.Priority}");
        return (number << ClassShift) | priority.Priority;
    }
}
