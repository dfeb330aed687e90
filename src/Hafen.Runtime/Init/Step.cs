namespace Hafen.Runtime.Init;

/// <summary>One operation of the child, in native memory; <see cref="StepCode"/> says what the operands mean.</summary>
internal unsafe struct Step
{
    public StepCode Code;
    public int Descriptor;
    public int Number;
    public long Value;
    public long Other;
    public byte* Text;
    public byte* Second;
    public byte* Data;
    public long DataLength;
    public byte** Strings;
    public long StringCount;
    public byte** Environment;
    public long EnvironmentCount;
}
