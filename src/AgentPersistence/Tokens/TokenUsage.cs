namespace AgentPersistence.Tokens;

/// <summary>
/// The tokens of one call in buckets that exclude each other: each token is counted in exactly one of them, so that they can be added up
/// and priced. Providers report differently; <see cref="FromPayload"/> turns what they report into this.
/// </summary>
public sealed partial record TokenUsage
{
    /// <summary>
    /// Tokens of the prompt that were neither read from a cache nor written to one. 0 to 1,000,000,000,000, as every bucket.
    /// </summary>
    public long Input { get; init; }

    /// <summary>Tokens of the prompt that were read from the provider's cache.</summary>
    public long CacheRead { get; init; }

    /// <summary>Tokens of the prompt that were written to the provider's cache, at whatever lifetime.</summary>
    public long CacheWrite { get; init; }

    /// <summary>Tokens of the answer, without those of its reasoning.</summary>
    public long Output { get; init; }

    /// <summary>Tokens that the model spent on reasoning; 0 also where the provider counts them as output.</summary>
    public long Reasoning { get; init; }

    /// <summary>All tokens: the sum of the buckets.</summary>
    public long Total => Input + CacheRead + CacheWrite + Output + Reasoning;
}
