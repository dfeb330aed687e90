namespace Hafen.Bench;

/// <summary>One line of the table.</summary>
/// <param name="Work">What was done.</param>
/// <param name="Unit">ms, MB/s, MiB.</param>
/// <param name="Docker">Docker's figure, NaN when no Docker is here.</param>
/// <param name="Hafen">Hafen's figure.</param>
/// <param name="Target">The aim, as text.</param>
internal sealed record Row(string Work, string Unit, double Docker, double Hafen, string Target)
{
    public override string ToString()
        => $"| {Work} | {Number(Docker)} | {Number(Hafen)} | {(double.IsNaN(Docker) ? "–" : (Hafen / Docker).ToString("0.00"))} | {Target} |";

    private string Number(double value) => double.IsNaN(value) ? "–" : $"{value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0")} {Unit}";
}
