using System.Text;
using Hafen.Monitor.Streams;

namespace Hafen.Monitor.Tests.Streams;

public class DetachKeysTests
{
    // "p" and "q" stand for Ctrl-P and Ctrl-Q; reads are separated by "|"; what reaches the process before "!" (detached).
    [Theory]
    [InlineData("pq", "abc", "abc")]
    [InlineData("pq", "pq", "!")]
    [InlineData("pq", "p|q", "!")]
    [InlineData("pq", "abpqcd", "ab!")]
    [InlineData("pq", "p", "")]
    [InlineData("pq", "p|x", "px")]
    [InlineData("pq", "pxpq", "px!")]
    [InlineData("pq", "ppq", "ppq")]
    [InlineData("pq", "qp|q", "q!")]
    [InlineData("aab", "aa|ab", "aaab")]
    [InlineData("x", "ax", "a!")]
    [InlineData("", "pq", "pq")]
    [InlineData("pqr", "pq|pqr", "pqpqr")]
    [InlineData("pqr", "p|q|x|p|q|r", "pqx!")]
    public void Keys_are_found_across_reads(string keys, string reads, string expected)
    {
        var filter = new DetachKeys(Encoding.ASCII.GetBytes(keys));
        var seen = new StringBuilder();
        foreach (string read in reads.Split('|'))
        {
            byte[] output = new byte[read.Length + filter.Overhang];
            int length = filter.Filter(Encoding.ASCII.GetBytes(read), output, out bool detached);
            seen.Append(Encoding.ASCII.GetString(output, 0, length));
            if (detached)
            {
                seen.Append('!');
                break;
            }
        }
        Assert.Equal(expected, seen.ToString());
    }
}
