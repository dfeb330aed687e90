namespace Hafen.Linux.Cgroups;

/// <summary>
/// In v2 a controller works in a cgroup only when the <c>cgroup.subtree_control</c> of every cgroup above names it.
/// </summary>
internal static class ControllerDelegation
{
    /// <summary>Enables all of the host's controllers for the children of a directory, from the root down.</summary>
    public static void EnableBelow(CgroupDirectory directory)
    {
        var wanted = directory.Hierarchy.Controllers;
        if (IsEnabled(directory, wanted))
            return;
        if (!directory.IsRoot)
            EnableBelow(directory.Parent());
        if (directory.Write("cgroup.subtree_control", string.Join(' ', wanted.Select(name => "+" + name))) == 0)
            return;
        // One that cannot be had (a real-time task in the way of cpu, no delegation) must not keep back the others. What is missing is
        // reported when a limit needs it.
        foreach (string controller in wanted)
            directory.Write("cgroup.subtree_control", "+" + controller);
    }

    private static bool IsEnabled(CgroupDirectory directory, IReadOnlyList<string> wanted)
    {
        Span<byte> buffer = stackalloc byte[1024];
        int length = directory.Read("cgroup.subtree_control", buffer);
        if (length < 0)
            return false;
        foreach (string controller in wanted)
        {
            bool found = false;
            var fields = new Procfs.FieldReader(buffer[..length]);
            for (var field = fields.Next(); !field.IsEmpty && !found; field = fields.Next())
                found = field.Length == controller.Length && System.Text.Ascii.Equals(field, controller);
            if (!found)
                return false;
        }

        return true;
    }
}
