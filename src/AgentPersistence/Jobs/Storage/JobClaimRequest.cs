using AgentPersistence.Internal;

namespace AgentPersistence.Jobs.Storage;

/// <summary>What a worker asks for, checked.</summary>
internal sealed record JobClaimRequest(IReadOnlyList<string> Modes, int Limit, TimeSpan Lease, string? Worker)
{
    public const int MostModes = 100;
    public const int MostJobs = 1_000;

    public static JobClaimRequest Check(IReadOnlyList<string> modes, int limit, TimeSpan lease, string? worker) => new(
        CheckModes(modes),
        Input.Limit(limit, MostJobs, nameof(limit)),
        Input.Duration(lease, Input.MaxLease, nameof(lease)),
        Input.OptionalKey(worker, nameof(worker)));

    /// <summary>Each mode once: given twice it would be two lanes of the same jobs.</summary>
    public static IReadOnlyList<string> CheckModes(IReadOnlyList<string> modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        if (modes.Count is 0 or > MostModes)
        {
            throw new ArgumentException($"A claim names 1 to {MostModes} modes.", nameof(modes));
        }

        return [.. modes.Select(m => Input.Key(m, nameof(modes))).Distinct(StringComparer.Ordinal)];
    }
}
