using System.Text.RegularExpressions;

namespace Hafen.Architecture.Tests;

/// <summary>A volume driver is a folder of <c>Hafen.Volumes</c> and a line in a table (0121). The command line has a column of Docker's that counts the volumes of one driver.</summary>
public sealed partial class VolumeDriverTests
{
    [Fact]
    public void A_drivers_name_stands_in_its_folder_and_in_the_table_alone()
        => Assert.Empty(Repository.Rooms().Where(room => room != "Hafen.Cli").SelectMany(Repository.Sources)
            .Select(file => (Path: Path.GetRelativePath(Repository.Root, file), Lines: File.ReadLines(file)))
            .Where(file => !Home().IsMatch(file.Path) && file.Lines.Any(line => Name().IsMatch(line)))
            .Select(file => file.Path));

    [Theory]
    [InlineData("if (volume.Driver == \"local\")", true)]
    [InlineData("[\"driver\"] = mount.Driver ?? \"local\",", true)]
    [InlineData("Volume = [\"local\"],", true)]
    [InlineData("Scope = \"local\",", false)]
    [InlineData("Scope = volume.Scope == VolumeScope.Global ? \"global\" : \"local\",", false)]
    [InlineData("=> name is \"local\" or \"syslog\"", false)]
    public void A_name_is_seen(string line, bool named) => Assert.Equal(named, Name().IsMatch(line));

    /// <summary>A volume's scope and a log driver of Docker's are called so, too.</summary>
    [GeneratedRegex(@"([Dd]river|\bVolume\b)[^;]*""local""")]
    private static partial Regex Name();

    [GeneratedRegex(@"^src/Hafen\.Volumes/(Local/|Drivers/VolumeDrivers\.cs)")]
    private static partial Regex Home();
}
