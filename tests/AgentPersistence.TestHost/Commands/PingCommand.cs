namespace AgentPersistence.TestHost.Commands;

/// <summary>Answers `pong` and its arguments, then every line that it is sent, until that is `bye`.</summary>
internal static class PingCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        Console.WriteLine(string.Join(' ', ["pong", .. arguments]));
        while (await StandardInput.ReadLineAsync() is var line and not "bye")
            Console.WriteLine(line);
        return 0;
    }
}
