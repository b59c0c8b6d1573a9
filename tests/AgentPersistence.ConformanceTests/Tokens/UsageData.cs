using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPersistence.ConformanceTests.Samples;
using AgentPersistence.Tokens;

namespace AgentPersistence.ConformanceTests.Tokens;

/// <summary>
/// Usage payloads as providers really return them, with what an independent library makes of them, and its prices: usages.json and
/// prices.json in the folder that AGENT_PERSISTENCE_USAGE names, or in ../shared/data/usage beside the repository.
/// </summary>
internal static class UsageData
{
    /// <summary>The prices were in force when the payloads were priced.</summary>
    public static readonly DateTimeOffset PricedAt = new(2026, 8, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string? Folder = FindFolder();

    /// <summary>Null where the files are absent.</summary>
    public static IReadOnlyList<UsagePayload>? Payloads { get; } = Folder is null
        ? null
        : [.. JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "usages.json"))).RootElement.EnumerateArray().Select(UsagePayload.Read)];

    private static readonly Lazy<Dictionary<string, JsonElement>> Prices = new(() => JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(Folder!, "prices.json"))).RootElement.EnumerateArray().ToDictionary(p => p.GetProperty("id").GetString()!));

    /// <summary>The price of the day: of the first model that matches the name, in tiers by the whole prompt.</summary>
    public static decimal? Price(TokenPriceRequest request)
    {
        if (request.Model is null || FindModel(request.Provider, request.Model) is not { } model)
        {
            return null;
        }

        var (prices, usage) = (InForce(model.GetProperty("prices"), request.OccurredAt), request.Usage);
        var prompt = usage.Input + usage.CacheRead + usage.CacheWrite;
        decimal Of(string kind, string otherwise, long tokens) =>
            (prices.TryGetProperty(kind, out var price) || prices.TryGetProperty(otherwise, out price) ? Tier(price, prompt) : 0) * tokens / 1_000_000;
        return Of("input_mtok", "input_mtok", usage.Input) + Of("cache_read_mtok", "input_mtok", usage.CacheRead)
            + Of("cache_write_mtok", "input_mtok", usage.CacheWrite) + Of("output_mtok", "output_mtok", usage.Output + usage.Reasoning);
    }

    private static JsonElement? FindModel(string provider, string model)
    {
        foreach (var candidate in Prices.Value[provider].GetProperty("models").EnumerateArray())
        {
            if (Matches(candidate.GetProperty("match"), model))
            {
                return candidate;
            }
        }

        return null;
    }

    private static bool Matches(JsonElement rule, string model)
    {
        var (kind, value) = rule.EnumerateObject().Select(p => (p.Name, p.Value)).Single();
        return kind switch
        {
            "equals" => model == value.GetString(),
            "starts_with" => model.StartsWith(value.GetString()!, StringComparison.Ordinal),
            "ends_with" => model.EndsWith(value.GetString()!, StringComparison.Ordinal),
            "contains" => model.Contains(value.GetString()!, StringComparison.Ordinal),
            "regex" => Regex.IsMatch(model, value.GetString()!),
            "or" => value.EnumerateArray().Any(r => Matches(r, model)),
            "and" => value.EnumerateArray().All(r => Matches(r, model)),
            _ => throw new InvalidOperationException($"prices.json has a rule of another kind: {kind}."),
        };
    }

    /// <summary>Prices are given once, or as a list in which later ones hold from a day on.</summary>
    private static JsonElement InForce(JsonElement prices, DateTimeOffset at) => prices.ValueKind == JsonValueKind.Object
        ? prices
        : prices.EnumerateArray().Last(p => !p.TryGetProperty("constraint", out var constraint)
            || (constraint.TryGetProperty("start_date", out var start) && start.GetDateTime() <= at.UtcDateTime)).GetProperty("prices");

    private static decimal Tier(JsonElement price, long prompt) => price.ValueKind == JsonValueKind.Number
        ? price.GetDecimal()
        : price.GetProperty("tiers").EnumerateArray().Where(t => prompt > t.GetProperty("start").GetInt64())
            .Select(t => t.GetProperty("price").GetDecimal()).LastOrDefault(price.GetProperty("base").GetDecimal());

    private static string? FindFolder()
    {
        var named = Environment.GetEnvironmentVariable("AGENT_PERSISTENCE_USAGE");
        var beside = ConversationData.Root is { } root ? Path.GetFullPath(Path.Combine(root, "..", "shared", "data", "usage")) : null;
        var folder = string.IsNullOrEmpty(named) ? beside : named;
        return folder is not null && File.Exists(Path.Combine(folder, "usages.json")) ? folder : null;
    }
}

/// <summary>One payload and what the independent library extracts from it, read as the format that it is in.</summary>
internal sealed record UsagePayload(
    string Provider, string Flavor, string? Model, JsonElement Body, IReadOnlyDictionary<string, long> Extracted, decimal? Price)
{
    // The library counts these among input or output, and prices some of them by rates of their own.
    private static readonly string[] OtherRates = ["input_audio_tokens", "cache_audio_read_tokens", "output_image_tokens"];

    public static UsagePayload Read(JsonElement record)
    {
        var body = record.GetProperty("body");
        var (provider, flavor) = FormatOf(body);
        var (usage, extractor) = record.GetProperty("extracted").EnumerateArray()
            .SelectMany(x => x.GetProperty("extractors").EnumerateArray(), (x, e) => (x.GetProperty("usage"), e))
            .First(x => x.e.GetProperty("provider_id").GetString() == provider && x.e.GetProperty("api_flavor").GetString() == flavor);
        return new UsagePayload(
            provider,
            flavor,
            record.TryGetProperty("model", out var model) ? model.GetString() : null,
            body,
            usage.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt64()),
            extractor.TryGetProperty("input_price", out var input)
                ? Parse(input) + Parse(extractor.GetProperty("output_price")) : null);
    }

    /// <summary>Whether the five buckets are enough to tell the price.</summary>
    public bool IsPricedByBuckets => Price is not null && !OtherRates.Any(Extracted.ContainsKey);

    /// <summary>The extraction in buckets that exclude each other.</summary>
    public TokenUsage Buckets => new()
    {
        Input = Of("input_tokens") - Of("cache_read_tokens") - Of("cache_write_tokens"),
        CacheRead = Of("cache_read_tokens"),
        CacheWrite = Of("cache_write_tokens"),
        Output = Of("output_tokens") - Of("output_reasoning_tokens"),
        Reasoning = Of("output_reasoning_tokens"),
    };

    /// <summary>Cached tokens that Mistral reports and the library does not read: it counts them as input.</summary>
    public long Unread => Body.TryGetProperty("usage", out var usage) && usage.TryGetProperty("num_cached_tokens", out var cached) ? cached.GetInt64() : 0;

    private long Of(string unit) => Extracted.GetValueOrDefault(unit);

    private static decimal Parse(JsonElement price) => decimal.Parse(price.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static (string Provider, string Flavor) FormatOf(JsonElement body)
    {
        if (body.TryGetProperty("usageMetadata", out _))
        {
            return ("google", "default");
        }

        if (!body.TryGetProperty("usage", out var usage))
        {
            return ("cohere", "embeddings");
        }

        bool Has(string name) => usage.TryGetProperty(name, out _);
        return Has("prompt_tokens") ? ("openai", Has("completion_tokens") ? "chat" : "embeddings")
            : Has("inputTokens") ? ("aws", "default")
            : Has("tokens") ? ("cohere", "tokens")
            : Has("cache_read_input_tokens") ? ("anthropic", "default")
            : ("openai", "responses");
    }
}
