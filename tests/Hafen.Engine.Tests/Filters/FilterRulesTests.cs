using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Filters;
using Hafen.Engine.Tests.Fakes;

namespace Hafen.Engine.Tests.Filters;

/// <summary>How the filters of lists and prunes are read, and what is refused of them.</summary>
public sealed class FilterRulesTests
{
    [Theory]
    [InlineData("{}", null)]
    [InlineData("null", null)]
    [InlineData("""{"dangling":["true"]}""", true)]
    [InlineData("""{"dangling":{"0":true}}""", false)]
    [InlineData("""{"dangling":{"1":false,"true":true}}""", true)]
    public void A_flag_says_yes_or_no(string filters, bool? expected) => Assert.Equal(expected, FilterRules.Flag(FilterSet.Parse(filters), "dangling"));

    [Theory]
    [InlineData("""{"dangling":["invalid"]}""", "invalid filter 'dangling=[invalid]'")]
    [InlineData("""{"dangling":["true","false"]}""", "invalid filter 'dangling=[true false]'")]
    [InlineData("""{"dangling":[]}""", "invalid filter 'dangling'")]
    [InlineData("""{"dangling":{}}""", "invalid filter 'dangling'")]
    [InlineData("""{"dangling":null}""", "invalid filter 'dangling'")]
    [InlineData("""{"dangling":[null]}""", "invalid filter 'dangling=[]'")]
    public void A_flag_that_says_neither_is_refused(string filters, string message)
        => Assert.Equal(message, Assert.Throws<EngineException>(() => FilterRules.Flag(FilterSet.Parse(filters), "dangling")).Message);

    [Theory]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("{")]
    [InlineData("{\"label\":1}")]
    [InlineData("{\"label\":[1]}")]
    [InlineData("{\"label\":{\"a\":\"true\"}}")]
    [InlineData("{\"label\":[\"a\"],\"name\":{\"b\":true}}")]
    public void Other_texts_are_no_filters(string filters) => Assert.Throws<FormatException>(() => FilterSet.Parse(filters));

    [Theory]
    [InlineData("""{"label":["a"]}""", true)]
    [InlineData("""{"label":["a=1","b"]}""", true)]
    [InlineData("""{"label":["a=2"]}""", false)]
    [InlineData("""{"label":{}}""", true)]
    [InlineData("""{"label!":["a","c"]}""", true)]
    [InlineData("""{"label!":["a","b"]}""", false)]
    [InlineData("""{"label!":[]}""", true)]
    public void Labels_are_wanted_and_not_wanted(string filters, bool expected)
        => Assert.Equal(expected, FilterRules.MatchesLabels(FilterSet.Parse(filters), new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" }));

    [Theory]
    [InlineData("""{"name":["^web$"]}""", true)]
    [InlineData("""{"name":["e"]}""", true)]
    [InlineData("""{"name":["^e"]}""", false)]
    [InlineData("""{"name":["w(","web"]}""", true)]
    [InlineData("""{"name":["w("]}""", false)]
    [InlineData("""{"name":[]}""", true)]
    public void Names_are_patterns(string filters, bool expected) => Assert.Equal(expected, FilterRules.Patterns(FilterSet.Parse(filters), "name")("web"));

    [Theory]
    [InlineData("containers", """{"colour":["x"]}""", "invalid filter 'colour'")]
    [InlineData("containers", """{"is-task":["x"]}""", "invalid filter 'is-task=[x]'")]
    [InlineData("containers", """{"exited":["x"]}""", "invalid filter 'exited=x': strconv.Atoi: parsing \"x\": invalid syntax")]
    [InlineData("containers", """{"since":["x"]}""", "No such container: x")]
    [InlineData("volumes", """{"label!":["x"]}""", "invalid filter 'label!'")]
    [InlineData("volumes", """{"dangling":["invalid"]}""", "invalid filter 'dangling=[invalid]'")]
    [InlineData("networks", """{"idOrName":["x"]}""", "invalid filter 'idOrName'")]
    [InlineData("networks", """{"dangling":["x"]}""", "invalid value for filter 'dangling', must be \"true\" (or \"1\"), or \"false\" (or \"0\")")]
    [InlineData("networks", """{"dangling":["true","1"]}""", "got more than one value for filter key \"dangling\"")]
    [InlineData("networks", """{"type":["odd"]}""", "invalid filter: 'type'='odd'")]
    [InlineData("prune containers", """{"name":["x"]}""", "invalid filter 'name'")]
    [InlineData("prune containers", """{"until":["1","2"]}""", "more than one until filter specified")]
    [InlineData("prune volumes", """{"until":["1"]}""", "invalid filter 'until'")]
    [InlineData("prune volumes", """{"all":["x"]}""", "invalid filter 'all': strconv.ParseBool: parsing \"x\": invalid syntax")]
    [InlineData("prune volumes", """{"all":["1","0"]}""", "invalid filter 'all=[1 0]': only one value is expected")]
    [InlineData("prune networks", """{"dangling":["true"]}""", "invalid filter 'dangling'")]
    [InlineData("prune networks", """{"until":["1","2"]}""", "more than one until filter specified")]
    public async Task What_is_refused(string what, string filters, string message)
    {
        await using var test = new TestEngine();
        var set = FilterSet.Parse(filters);
        var failure = await Assert.ThrowsAsync<EngineException>(async () =>
        {
            switch (what)
            {
                case "containers":
                    test.Containers.List.Run(new ListContainersRequest { Filters = set });
                    break;
                case "volumes":
                    test.ComposeVolumes().List.Run(set);
                    break;
                case "networks":
                    test.ComposeNetworks().List.Run(set);
                    break;
                case "prune containers":
                    await test.Containers.Prune.RunAsync(set, CancellationToken.None);
                    break;
                case "prune volumes":
                    await test.ComposeVolumes().Prune.RunAsync(set, anonymousOnly: false, CancellationToken.None);
                    break;
                default:
                    test.ComposeNetworks().Prune.Run(set);
                    break;
            }
        });
        Assert.Equal(message, failure.Message);
    }
}
