using Hafen.Engine.Containers;
using Hafen.Engine.Networks;
using Hafen.Engine.Volumes;

namespace Hafen.Engine.Tests.Fakes;

/// <summary>The use cases beside those of containers, over a test's engine.</summary>
internal static class TestUseCases
{
    public static VolumeUseCases ComposeVolumes(this TestEngine test) => VolumeUseCases.Compose(test.Volumes, test.Engine.Uses, test.Events);

    public static NetworkUseCases ComposeNetworks(this TestEngine test, TimeProvider? time = null)
        => NetworkUseCases.Compose(test.Networks, test.Engine.Uses, test.Events, time ?? TimeProvider.System);
}
