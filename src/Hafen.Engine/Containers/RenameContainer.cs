using Hafen.Errors;

namespace Hafen.Engine.Containers;

/// <summary>Gives a container another name.</summary>
public sealed class RenameContainer
{
    private readonly ContainerStore _containers;
    private readonly ContainerEvents _events;

    internal RenameContainer(ContainerStore containers, ContainerEvents events)
    {
        _containers = containers;
        _events = events;
    }

    /// <exception cref="EngineException">The name is empty, malformed, taken or the same.</exception>
    public async Task RunAsync(string reference, string? newName, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(reference) || string.IsNullOrEmpty(newName))
            throw EngineException.InvalidParameter("Neither old nor new names may be empty");
        var container = _containers.Get(reference);
        using var _ = await container.EnterAsync(cancellationToken);
        if (container.IsRemoved)
            throw EngineException.NotFound($"No such container: {reference}");
        string name = newName.StartsWith('/') ? newName[1..] : newName;
        var before = container.Record;
        if (before.Name == name)
            throw EngineException.InvalidParameter("Renaming a container with the same name as its current name");
        try
        {
            _containers.ReserveName(name, container.Id);
        }
        catch (HafenException exception)
        {
            throw new EngineException(exception.Kind, $"Error when allocating new name: {exception.Message}", exception);
        }
        try
        {
            container.Change(before with { Name = name });
            _containers.SaveRecord(container);
        }
        catch
        {
            container.Change(before);
            _containers.ReleaseName(name, container.Id);
            throw;
        }
        _containers.ReleaseName(before.Name, container.Id);
        _events.Publish(container, "rename", ("oldName", "/" + before.Name));
    }
}
