using Hafen.Logging.Tests.Contracts;

namespace Hafen.Logging.Tests.JsonFile;

public sealed class JsonFileContractTests : LogDriverContract
{
    private protected override ILogDriver Driver => LogDrivers.Require("json-file");

    protected override Dictionary<string, string> Rotated(int files, bool compress)
        => new() { ["max-size"] = "1k", ["max-file"] = files.ToString(), ["compress"] = compress ? "true" : "false" };
}
