namespace Hafen.Dockerfile;

/// <summary>Where something stands in a text: whole lines, counted from 1.</summary>
/// <param name="First">The line it begins in.</param>
/// <param name="Last">The line it ends in; the same when no backslash joins it with the next one.</param>
public readonly record struct LineRange(int First, int Last);
