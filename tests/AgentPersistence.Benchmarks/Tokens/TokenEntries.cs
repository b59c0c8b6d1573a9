using System.Globalization;
using AgentPersistence.Tokens;

namespace AgentPersistence.Benchmarks.Tokens;

/// <summary>
/// Model calls as agents make them: some tokens of the prompt were cached, some calls reason, and every indexed column has a value.
/// A session is forty calls, a run is four.
/// </summary>
internal static class TokenEntries
{
    private const int Users = 10_000;
    private const int CallsOfSession = 40;
    private const int CallsOfRun = 4;

    private static readonly (string Provider, string Model, TokenUsage Usage, decimal Cost)[] Calls =
    [
        ("anthropic", "claude-sonnet-4-5", new() { Input = 612, CacheRead = 18_304, CacheWrite = 1_150, Output = 341 }, 0.0167547m),
        ("openai", "gpt-5-mini", new() { Input = 1_893, Output = 87, Reasoning = 192 }, 0.00103125m),
        ("google", "gemini-2.5-flash", new() { Input = 655, Output = 78, Reasoning = 193 }, 0.000874m),
        ("anthropic", "claude-haiku-4-5", new() { Input = 2_743, Output = 56 }, 0.003023m),
        ("mistral", "mistral-large", new() { Input = 561, CacheRead = 85, Output = 703 }, 0.0053467m),
        ("openai", "gpt-5", new() { Input = 4_020, CacheRead = 3_840, Output = 412, Reasoning = 1_048 }, 0.020105m),
        ("amazon", "nova-pro", new() { Input = 22, CacheWrite = 2_492, Output = 113 }, 0.0023728m),
    ];

    private static readonly string[] Scopes = [TokenScopes.Reactive, TokenScopes.Proactive];

    private static long s_next;

    public static NewTokenEntry Next()
    {
        var number = Interlocked.Increment(ref s_next);
        var (session, (provider, model, usage, cost)) = (number / CallsOfSession, Calls[number % Calls.Length]);
        return new NewTokenEntry
        {
            Scope = Scopes[number % Scopes.Length],
            Provider = provider,
            Model = model,
            Usage = usage,
            RunId = Id("run", number / CallsOfRun),
            CallId = Id("call", number),
            ThreadId = Guid(1, session),
            JobId = Guid(2, number / CallsOfRun),
            UserId = Id("user", (long)((ulong)session * 0x9E3779B97F4A7C15 % Users)),
            SessionId = Id("session", session),
            Cost = cost,
            Currency = "USD",
        };
    }

    private static string Id(string what, long number) => string.Create(CultureInfo.InvariantCulture, $"{what}-{number:x10}");

    private static Guid Guid(int what, long number) => new(what, 0, 0, BitConverter.GetBytes(number));
}
