using Hafen.Api;
using Hafen.Client.Json;

namespace Hafen.Client.Containers;

/// <summary>One element of <c>HostConfig.Mounts</c>.</summary>
internal static class MountRequestBody
{
    public static void Write(JsonBody json, MountRequest mount) => json
        .Add("Type", mount.Type).Add("Source", mount.Source).Add("Target", mount.Target).Add("ReadOnly", mount.ReadOnly).Add("Consistency", mount.Consistency)
        .Add("BindOptions", mount.BindOptions, static (inner, bind) => inner
            .Add("Propagation", bind.Propagation).Add("NonRecursive", bind.NonRecursive).Add("CreateMountpoint", bind.CreateMountpoint)
            .Add("ReadOnlyNonRecursive", bind.ReadOnlyNonRecursive).Add("ReadOnlyForceRecursive", bind.ReadOnlyForceRecursive))
        .Add("VolumeOptions", mount.VolumeOptions, static (inner, volume) => inner
            .Add("NoCopy", volume.NoCopy).Add("Labels", volume.Labels).Add("Subpath", volume.Subpath)
            .Add("DriverConfig", volume.DriverConfig, static (driver, config) => driver.Add("Name", config.Name).Add("Options", config.Options)))
        .Add("ImageOptions", mount.ImageOptions, static (inner, image) => inner.Add("Subpath", image.Subpath))
        .Add("TmpfsOptions", mount.TmpfsOptions, WriteTmpfs);

    private static void WriteTmpfs(JsonBody json, TmpfsOptions tmpfs)
    {
        json.Add("SizeBytes", tmpfs.SizeBytes).Add("Mode", tmpfs.Mode);
        if (tmpfs.Options is not { } options)
            return;
        json.Open("Options", '[');
        foreach (string[] option in options)
        {
            json.Open(null, '[');
            foreach (string word in option)
                json.Item(word);
            json.Close(']');
        }

        json.Close(']');
    }
}
