using System.Text.Json;
using AgentPersistence.Tokens;

namespace AgentPersistence.Tests.Tokens;

public sealed class TokenUsageTests
{
    public static TheoryData<string, string, long[]> Payloads => new()
    {
        {
            "OpenAI chat",
            """
            {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150,
            "prompt_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 30, "audio_tokens": 5},
            "completion_tokens_details": {"reasoning_tokens": 40}}
            """,
            [10, 60, 30, 10, 40]
        },
        { "OpenAI chat, no details", """{"prompt_tokens": 7, "completion_tokens": 3, "prompt_tokens_details": null}""", [7, 0, 0, 3, 0] },
        { "OpenAI embeddings", """{"prompt_tokens": 7, "total_tokens": 7}""", [7, 0, 0, 0, 0] },
        {
            "xAI, reasoning on top",
            """{"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 115, "completion_tokens_details": {"reasoning_tokens": 100}}""",
            [10, 0, 0, 5, 100]
        },
        { "DeepSeek", """{"prompt_tokens": 10, "completion_tokens": 5, "prompt_cache_hit_tokens": 8, "prompt_cache_miss_tokens": 2}""", [2, 8, 0, 5, 0] },
        { "Mistral", """{"prompt_tokens": 70, "num_cached_tokens": 69, "completion_tokens": 12, "total_tokens": 82}""", [1, 69, 0, 12, 0] },
        { "a total that does not add up", """{"prompt_tokens": 35, "completion_tokens": 12, "total_tokens": 109}""", [35, 0, 0, 12, 0] },
        {
            "OpenAI Responses",
            """
            {"input_tokens": 100, "input_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 30}, "output_tokens": 50,
            "output_tokens_details": {"reasoning_tokens": 40}, "total_tokens": 150}
            """,
            [10, 60, 30, 10, 40]
        },
        {
            "Anthropic",
            """
            {"input_tokens": 3, "cache_read_input_tokens": 1111, "cache_creation_input_tokens": 418, "output_tokens": 33,
            "cache_creation": {"ephemeral_5m_input_tokens": 418}, "output_tokens_details": {"thinking_tokens": 30}}
            """,
            [3, 1111, 418, 3, 30]
        },
        { "Anthropic, no cache", """{"input_tokens": 3, "output_tokens": 33}""", [3, 0, 0, 33, 0] },
        {
            "Google",
            """
            {"promptTokenCount": 100, "cachedContentTokenCount": 60, "toolUsePromptTokenCount": 7, "candidatesTokenCount": 10,
            "thoughtsTokenCount": 40, "totalTokenCount": 157}
            """,
            [47, 60, 0, 10, 40]
        },
        { "Bedrock", """{"inputTokens": 1, "cacheReadInputTokens": 2, "cacheWriteInputTokens": 3, "outputTokens": 4, "totalTokens": 10}""", [1, 2, 3, 4, 0] },
        {
            "Cohere",
            """{"billed_units": {"input_tokens": 51, "output_tokens": 13}, "cached_tokens": 1440, "tokens": {"input_tokens": 1533, "output_tokens": 36}}""",
            [93, 1440, 0, 36, 0]
        },
        { "Cohere, whole numbers of another type", """{"tokens": {"input_tokens": 1533.0, "output_tokens": 3.6e1}}""", [1533, 0, 0, 36, 0] },
        { "Cohere embeddings, whole answer", """{"id": "x", "meta": {"billed_units": {"input_tokens": 5}}}""", [5, 0, 0, 0, 0] },
        { "a whole answer", """{"model": "m", "usage": {"input_tokens": 3, "output_tokens": 33}, "input_tokens": -1}""", [3, 0, 0, 33, 0] },
        { "a whole answer of Google", """{"usageMetadata": {"totalTokenCount": 0}}""", [0, 0, 0, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Every_token_is_in_one_bucket(string provider, string payload, long[] buckets)
    {
        using var document = JsonDocument.Parse(payload);

        var usage = TokenUsage.FromPayload(document.RootElement);

        Assert.Equal(buckets, new[] { usage.Input, usage.CacheRead, usage.CacheWrite, usage.Output, usage.Reasoning }.AsEnumerable());
        Assert.True(usage.Total == buckets.Sum(), provider);
    }

    [Theory]
    [InlineData("""{"prompt_tokens": -1, "completion_tokens": 3}""", "'prompt_tokens' is not a whole number")]
    [InlineData("""{"prompt_tokens": 1.5}""", "'prompt_tokens' is not a whole number")]
    [InlineData("""{"prompt_tokens": "1"}""", "'prompt_tokens' is not a whole number")]
    [InlineData("""{"prompt_tokens": 1000000000001}""", "'prompt_tokens' is not a whole number")]
    [InlineData(
        """{"prompt_tokens": 5, "prompt_tokens_details": {"cached_tokens": 6}}""",
        "'prompt_tokens' is less than 'prompt_tokens_details.cached_tokens'")]
    [InlineData(
        """{"prompt_tokens": 5, "prompt_tokens_details": {"cached_tokens": 3, "cache_write_tokens": 3}}""",
        "'prompt_tokens' is less than 'prompt_tokens_details.cache_write_tokens'")]
    [InlineData(
        """{"prompt_tokens": 5, "completion_tokens": 1, "total_tokens": 6, "completion_tokens_details": {"reasoning_tokens": 2}}""",
        "'completion_tokens' is less than")]
    [InlineData("""{"input_tokens": 5, "output_tokens": 1, "output_tokens_details": {"thinking_tokens": 2}}""", "'output_tokens' is less than")]
    [InlineData("""{"input_tokens": 5, "total_tokens": 6, "output_tokens_details": {"reasoning_tokens": 1}}""", "'output_tokens' is less than")]
    [InlineData("""{"input_tokens": 5, "total_tokens": 6, "cache_read_input_tokens": 1}""", "mixes")]
    [InlineData("""{"promptTokenCount": 5, "cachedContentTokenCount": 6}""", "'promptTokenCount' is less than")]
    [InlineData("""{"inputTokens": 5, "cacheReadInputTokens": -6}""", "'cacheReadInputTokens' is not")]
    [InlineData("""{"tokens": {"input_tokens": 5}, "cached_tokens": 6}""", "'tokens.input_tokens' is less than")]
    [InlineData("""{"prompt_tokens": 1e400}""", "'prompt_tokens' is not a whole number")]
    [InlineData("""{"prompt_tokens": true}""", "'prompt_tokens' is not a whole number")]
    [InlineData("""{"tokens": 123}""", "no count of tokens that is known")]
    [InlineData("""{"usage": null}""", "no count of tokens that is known")]
    [InlineData("{}", "no count of tokens that is known")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("null", "not a JSON object")]
    public void What_does_not_add_up_is_refused_with_what_is_wrong(string payload, string why)
    {
        using var document = JsonDocument.Parse(payload);

        var refused = Assert.Throws<ArgumentException>(() => TokenUsage.FromPayload(document.RootElement));

        Assert.Equal("payload", refused.ParamName);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }
}
