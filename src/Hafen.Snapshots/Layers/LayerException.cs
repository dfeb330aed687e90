using Hafen.Errors;

namespace Hafen.Snapshots.Layers;

/// <summary>A layer that cannot be taken: broken, hostile or of an unsupported kind. The message is for people.</summary>
public sealed class LayerException(string message, Exception? inner = null) : HafenException(ErrorKind.InvalidParameter, message, inner);
