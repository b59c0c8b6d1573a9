namespace AgentPersistence.Interactions;

/// <summary>How many interactions ended how.</summary>
/// <param name="Total">How many there are.</param>
/// <param name="Resolved">How many of them the assistant resolved.</param>
public sealed record InteractionCounts(long Total, long Resolved)
{
    /// <summary>How many of them were escalated: all others.</summary>
    public long Escalated => Total - Resolved;

    /// <summary>The part that was resolved, 0 to 1; null of none.</summary>
    public double? ResolvedRate => Total == 0 ? null : (double)Resolved / Total;

    /// <summary>The part that was escalated, 0 to 1; null of none.</summary>
    public double? EscalatedRate => Total == 0 ? null : (double)Escalated / Total;
}
