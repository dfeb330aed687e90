using static Hafen.Linux.Processes.SystemCall;

namespace Hafen.Runtime.Init;

/// <summary>Messages to the parent that carry a descriptor.</summary>
internal static unsafe class ChildReports
{
    /// <summary>Sends a message with a descriptor (SCM_RIGHTS).</summary>
    public static nint Send(ChildState* state, ChildMessageKind kind, int descriptor)
    {
        const int SOL_SOCKET = 1, SCM_RIGHTS = 1, MSG_NOSIGNAL = 0x4000;
        ChildMessage message;
        byte* bytes = (byte*)&message;
        for (int i = 0; i < sizeof(ChildMessage); i++)
            bytes[i] = 0;
        message.Kind = kind;
        // struct iovec, struct cmsghdr with one descriptor, struct msghdr.
        nint* vector = stackalloc nint[2];
        vector[0] = (nint)bytes;
        vector[1] = sizeof(ChildMessage);
        long* control = stackalloc long[3];
        control[0] = 20;
        ((int*)control)[2] = SOL_SOCKET;
        ((int*)control)[3] = SCM_RIGHTS;
        control[2] = 0;
        ((int*)control)[4] = descriptor;
        long* header = stackalloc long[7];
        header[0] = 0;
        header[1] = 0;
        header[2] = (nint)vector;
        header[3] = 1;
        header[4] = (nint)control;
        header[5] = 24;
        header[6] = 0;
        nint result = Direct(sendmsg, state->Sync, (nint)header, MSG_NOSIGNAL);
        return result < 0 ? result : 0;
    }
}
