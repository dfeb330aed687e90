using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;
using static Hafen.Linux.Processes.SystemCall;

namespace Hafen.Runtime.Init;

/// <summary>From a step's code to what does it.</summary>
internal static unsafe class ChildSteps
{
    public static nint Do(ChildState* state, Step* step)
    {
        switch (step->Code)
        {
            case StepCode.Await: return Child.Await(state, (byte)step->Value);
            case StepCode.AwaitFifo: return Child.AwaitFifo(state->Fifo);
            case StepCode.Report: return Child.Report(state, (ChildMessageKind)step->Value);

            case StepCode.JoinCgroup: return ChildNamespaces.JoinCgroup(step->Descriptor);
            case StepCode.JoinNamespace: return Direct(setns, step->Descriptor, (nint)step->Value);
            case StepCode.Unshare: return Direct(unshare, (nint)step->Value);
            case StepCode.NewTime: return ChildNamespaces.NewTime(state, step);
            case StepCode.Descend: return ChildNamespaces.Descend(state, step);
            case StepCode.BecomeRoot: return ChildNamespaces.BecomeRoot();
            case StepCode.NewSession: return ChildNamespaces.NewSession();
            case StepCode.SessionKeyring: return ChildNamespaces.SessionKeyring(step->Text);
            case StepCode.LoopbackUp: return ChildNamespaces.LoopbackUp();

            case StepCode.HostPropagation: return ChildMounts.Propagation((ulong)step->Value);
            case StepCode.AttachAtHost: return ChildMounts.AttachAtHost(step);
            case StepCode.OverlayAtHost: return ChildOverlay.MountAtHost(state, step);
            case StepCode.FileSystemAtHost: return ChildFileSystems.MountAtHost(state, step);
            case StepCode.OpenRoot: return ChildMounts.OpenRoot(state, step);
            case StepCode.Attach: return ChildMounts.Attach(state, step);
            case StepCode.NewFileSystem: return ChildFileSystems.Mount(state, step);
            case StepCode.OpenFileSystem: return ChildFileSystems.OpenForParent(state, step);
            case StepCode.MakeReadonly: return ChildMounts.MakeReadonly(state, step);
            case StepCode.MakeNode: return ChildNodes.MakeNode(state, step);
            case StepCode.MakeLink: return ChildNodes.MakeLink(state, step);
            case StepCode.MakeFolder: return ChildNodes.MakeFolder(state, step);
            case StepCode.Mask: return ChildMounts.Mask(state, step);
            case StepCode.ReadonlyPath: return ChildMounts.ReadonlyPath(state, step);
            case StepCode.Pivot: return ChildRoot.Pivot(state, step->Value != 0);
            case StepCode.RootPropagation: return ChildMounts.Propagation((ulong)step->Value);
            case StepCode.RootReadonly: return ChildRoot.MakeReadonly();

            case StepCode.Terminal: return ChildTerminal.Open(state, step);
            case StepCode.Console: return ChildTerminal.BindConsole(state);
            case StepCode.StandardStreams: return ChildTerminal.StandardStreams(state, step);
            case StepCode.ControllingTerminal: return ChildTerminal.TakeControl();
            case StepCode.OwnStreams: return ChildTerminal.OwnStreams((uint)step->Value);

            case StepCode.Hook: return ChildHooks.Run(state, step);
            case StepCode.HostName: return Direct(sethostname, (nint)step->Text, NativeText.Length(step->Text));
            case StepCode.DomainName: return Direct(setdomainname, (nint)step->Text, NativeText.Length(step->Text));
            case StepCode.WriteProc: return ChildNamespaces.WriteProc(state, step);

            case StepCode.ResourceLimit: return ChildIdentity.ResourceLimit(step);
            case StepCode.LiftLimit: return ChildIdentity.LiftLimit(step);
            case StepCode.Scheduler: return Direct(sched_setattr, 0, (nint)step->Data, 0);
            case StepCode.IoPriority: return Direct(ioprio_set, 1, 0, (nint)step->Value);
            case StepCode.Affinity: return Direct(sched_setaffinity, 0, (nint)step->DataLength, (nint)step->Data);
            case StepCode.Personality: return Direct(personality, (nint)step->Value);
            case StepCode.HomeVariable: return ChildHome.Find(state, step);
            case StepCode.NoNewPrivileges: return Direct(prctl, ProcessControl.PR_SET_NO_NEW_PRIVS, 1);
            case StepCode.Seccomp: return ChildIdentity.InstallFilter(step);
            case StepCode.BoundingSet: return ChildIdentity.BoundingSet(step);
            case StepCode.User: return ChildIdentity.BecomeUser(step);
            case StepCode.Capabilities: return ChildIdentity.SetCapabilities(step);
            case StepCode.WorkingDirectory: return ChildRoot.ChangeDirectory(state, step);
            case StepCode.FindExecutable: return ChildExecute.Find(state, step);
            case StepCode.Umask:
                Direct(umask, (nint)step->Value);
                return 0;
            case StepCode.CloseDescriptors: return ChildExecute.CloseDescriptors(state, step);
            case StepCode.Announce: return ChildExecute.Announce(state);
            case StepCode.Execute: return ChildExecute.Execute(state, step);
            default: return -Errno.ENOSYS;
        }
    }
}
