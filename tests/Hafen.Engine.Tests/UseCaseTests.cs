using System.Reflection;
using Hafen.Engine.Containers;
using Hafen.Engine.Exec;

namespace Hafen.Engine.Tests;

/// <summary>Use cases have one shape, so that a reader who knows one knows all.</summary>
public sealed class UseCaseTests
{
    private static readonly Type[] s_nouns = [typeof(ContainerUseCases), typeof(ExecUseCases)];

    public static TheoryData<Type> All => new(s_nouns.SelectMany(noun => noun.GetProperties()).Select(property => property.PropertyType));

    [Theory, MemberData(nameof(All))]
    public void One_public_method_runs_it_and_only_the_engine_makes_it(Type useCase)
    {
        Assert.True(useCase.IsSealed);
        Assert.Empty(useCase.GetConstructors());
        var method = Assert.Single(useCase.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly));
        bool waits = typeof(Task).IsAssignableFrom(method.ReturnType);
        Assert.Equal(waits ? "RunAsync" : "Run", method.Name);
    }
}
