using System.Threading.Channels;

namespace AgentPersistence.TestHost.Commands;

/// <summary>What the test says to this process. When the test is gone, so is the process.</summary>
internal static class StandardInput
{
    private static readonly Channel<string> Lines = Channel.CreateUnbounded<string>();

    public static ValueTask<string> ReadLineAsync() => Lines.Reader.ReadAsync();

    public static void Watch() => new Thread(ReadAll) { IsBackground = true, Name = "standard input" }.Start();

    private static void ReadAll()
    {
        while (Console.In.ReadLine() is { } line)
            Lines.Writer.TryWrite(line);
        Environment.Exit(3);
    }
}
