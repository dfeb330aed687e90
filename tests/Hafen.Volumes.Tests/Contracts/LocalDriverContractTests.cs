using Hafen.Volumes.Drivers;
using Hafen.Volumes.Local;

namespace Hafen.Volumes.Tests.Contracts;

public sealed class LocalDriverContractTests : VolumeDriverContract
{
    protected override IVolumeDriver Open(string root) => new LocalDriver(root);
}
