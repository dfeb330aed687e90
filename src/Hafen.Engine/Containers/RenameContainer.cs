using Hafen.Errors;

namespace Hafen.Engine.Containers;

/// <summary>Gives a container another name.</summary>
public static class RenameContainer
{
    /// <exception cref="EngineException">The name is empty, malformed, taken or the same.</exception>
    public static async Task RenameContainerAsync(this ContainerEngine engine, string reference, string? newName, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(reference) || string.IsNullOrEmpty(newName))
            throw EngineException.InvalidParameter("Neither old nor new names may be empty");
        var container = engine.Store.Get(reference);
        using var _ = await container.EnterAsync(cancellationToken).ConfigureAwait(false);
        if (container.IsRemoved) throw EngineException.NotFound($"No such container: {reference}");
        string name = newName.StartsWith('/') ? newName[1..] : newName;
        var before = container.Record;
        if (before.Name == name) throw EngineException.InvalidParameter("Renaming a container with the same name as its current name");
        try
        {
            engine.Store.ReserveName(name, container.Id);
        }
        catch (HafenException e)
        {
            throw new EngineException(e.Kind, $"Error when allocating new name: {e.Message}", e);
        }
        try
        {
            container.Record = before with { Name = name };
            engine.Store.SaveRecord(container);
        }
        catch
        {
            container.Record = before;
            engine.Store.ReleaseName(name, container.Id);
            throw;
        }
        engine.Store.ReleaseName(before.Name, container.Id);
        engine.Publish(container, "rename", ("oldName", "/" + before.Name));
    }
}
