using System.Text.Json;

namespace AgentPersistence.Tokens;

public sealed partial record TokenUsage
{
    /// <summary>
    /// Reads what a provider reports about a call. The names of its fields tell the format, so the provider need not be named. What is left
    /// out or null counts as 0; other fields are ignored.
    /// </summary>
    /// <remarks>
    /// <list type="bullet">
    /// <item>OpenAI Chat Completions, and all that speak it (<c>prompt_tokens</c>): the prompt includes cached and cache-written tokens,
    /// the completion includes reasoning; where <c>total_tokens</c> is the sum of all three (xAI), reasoning comes on top. DeepSeek's
    /// <c>prompt_cache_hit_tokens</c> and Mistral's <c>num_cached_tokens</c> are cached tokens too.
    /// See platform.openai.com/docs/api-reference/chat/object, docs.x.ai/docs/models, api-docs.deepseek.com.</item>
    /// <item>OpenAI Responses (<c>input_tokens</c> with <c>input_tokens_details</c> or <c>total_tokens</c>): input includes cached and
    /// cache-written tokens, output includes reasoning. See platform.openai.com/docs/api-reference/responses/object.</item>
    /// <item>Anthropic Messages (<c>input_tokens</c> alone): input excludes <c>cache_read_input_tokens</c> and
    /// <c>cache_creation_input_tokens</c>, output includes thinking. See docs.anthropic.com/en/api/messages.</item>
    /// <item>Google Gemini and Vertex AI (<c>promptTokenCount</c>): the prompt includes <c>cachedContentTokenCount</c> but not
    /// <c>toolUsePromptTokenCount</c>, candidates exclude <c>thoughtsTokenCount</c>. See ai.google.dev/api/generate-content.</item>
    /// <item>Amazon Bedrock Converse (<c>inputTokens</c>): input excludes cache reads and writes.
    /// See docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html.</item>
    /// <item>Cohere (<c>tokens</c>, else <c>billed_units</c>): the tokens that were processed, which include <c>cached_tokens</c>.
    /// See docs.cohere.com/reference/chat.</item>
    /// </list>
    /// A total is not held against its parts: providers report some that do not add up.
    /// </remarks>
    /// <param name="payload">
    /// The usage object, or the whole answer that holds it as <c>usage</c>, <c>usageMetadata</c> or <c>meta</c>.
    /// </param>
    /// <returns>The tokens, each in one bucket.</returns>
    /// <exception cref="ArgumentException">
    /// The payload is no usage of a known format, a count is not a whole number from 0 to 1,000,000,000,000, or a part is larger than what
    /// includes it. The message names the field.
    /// </exception>
    public static TokenUsage FromPayload(JsonElement payload)
    {
        var usage = new Counts(Unwrap(payload));
        return usage switch
        {
            _ when usage.HasAny("promptTokenCount", "candidatesTokenCount", "totalTokenCount") => FromGoogle(usage),
            _ when usage.HasAny("prompt_tokens", "completion_tokens") => FromChat(usage),
            _ when usage.HasAny("inputTokens", "outputTokens") => new()
            {
                Input = usage.Of("inputTokens"),
                CacheRead = usage.Of("cacheReadInputTokens"),
                CacheWrite = usage.Of("cacheWriteInputTokens"),
                Output = usage.Of("outputTokens"),
            },
            _ when usage.HasAny("tokens.input_tokens", "tokens.output_tokens") => FromCohere(usage, "tokens."),
            _ when usage.HasAny("billed_units") => FromCohere(usage, "billed_units."),
            _ when !usage.HasAny("input_tokens", "output_tokens") => throw Refused("It has no count of tokens that is known."),
            _ when usage.HasAny("input_tokens_details", "total_tokens") => FromResponses(usage),
            _ => FromAnthropic(usage),
        };
    }

    private static TokenUsage FromGoogle(Counts usage)
    {
        var cached = usage.Part("cachedContentTokenCount", "promptTokenCount");
        return new()
        {
            Input = usage.Of("promptTokenCount") - cached + usage.Of("toolUsePromptTokenCount"),
            CacheRead = cached,
            Output = usage.Of("candidatesTokenCount"),
            Reasoning = usage.Of("thoughtsTokenCount"),
        };
    }

    private static TokenUsage FromChat(Counts usage)
    {
        var (prompt, completion) = (usage.Of("prompt_tokens"), usage.Of("completion_tokens"));

        // Providers say the same in different places.
        string[] names = ["prompt_tokens_details.cached_tokens", "prompt_cache_hit_tokens", "cached_tokens", "num_cached_tokens"];
        var read = names.Max(name => usage.Part(name, "prompt_tokens"));
        var write = usage.Part("prompt_tokens_details.cache_write_tokens", "prompt_tokens", read);
        var reasoning = usage.Of("completion_tokens_details.reasoning_tokens");
        var isOnTop = reasoning > 0 && usage.Of("total_tokens") == prompt + completion + reasoning;
        return new()
        {
            Input = prompt - read - write,
            CacheRead = read,
            CacheWrite = write,
            Output = isOnTop ? completion : completion - usage.Part("completion_tokens_details.reasoning_tokens", "completion_tokens"),
            Reasoning = reasoning,
        };
    }

    private static TokenUsage FromResponses(Counts usage)
    {
        if (usage.HasAny("cache_read_input_tokens", "cache_creation_input_tokens"))
        {
            throw Refused("It mixes 'input_tokens_details' or 'total_tokens', whose input includes cached tokens, with "
                + "'cache_read_input_tokens' or 'cache_creation_input_tokens', whose input excludes them.");
        }

        var read = usage.Part("input_tokens_details.cached_tokens", "input_tokens");
        var write = usage.Part("input_tokens_details.cache_write_tokens", "input_tokens", read);
        var reasoning = usage.Part("output_tokens_details.reasoning_tokens", "output_tokens");
        return new()
        {
            Input = usage.Of("input_tokens") - read - write,
            CacheRead = read,
            CacheWrite = write,
            Output = usage.Of("output_tokens") - reasoning,
            Reasoning = reasoning,
        };
    }

    private static TokenUsage FromAnthropic(Counts usage)
    {
        var thinking = usage.Part("output_tokens_details.thinking_tokens", "output_tokens");
        return new()
        {
            Input = usage.Of("input_tokens"),
            CacheRead = usage.Of("cache_read_input_tokens"),
            CacheWrite = usage.Of("cache_creation_input_tokens"),
            Output = usage.Of("output_tokens") - thinking,
            Reasoning = thinking,
        };
    }

    private static TokenUsage FromCohere(Counts usage, string counts)
    {
        // What is billed leaves out what the provider adds to a prompt, and can be less than what it has cached.
        var cached = counts == "tokens." ? usage.Part("cached_tokens", "tokens.input_tokens") : 0;
        return new()
        {
            Input = usage.Of(counts + "input_tokens") - cached,
            CacheRead = cached,
            Output = usage.Of(counts + "output_tokens"),
        };
    }

    private static JsonElement Unwrap(JsonElement payload)
    {
        if (payload.ValueKind == JsonValueKind.Object)
        {
            foreach (var name in (ReadOnlySpan<string>)["usage", "usageMetadata", "meta"])
            {
                if (payload.TryGetProperty(name, out var usage) && usage.ValueKind == JsonValueKind.Object)
                {
                    return usage;
                }
            }

            return payload;
        }

        throw Refused("It is not a JSON object.");
    }

    private static ArgumentException Refused(string why) => new($"This is no usage of tokens. {why}", "payload");

    /// <summary>The counts of a payload, by their path.</summary>
    private readonly struct Counts(JsonElement payload)
    {
        private const long MaxCount = Internal.Input.MaxCount;

        public bool HasAny(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (Find(name) is not null)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>A count; 0 where it is left out or null.</summary>
        public long Of(string path)
        {
            if (Find(path) is not { } value)
            {
                return 0;
            }

            // Where a provider's format has no whole numbers, 12 is 12.0.
            return value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var count) && decimal.IsInteger(count)
                && count is >= 0 and <= MaxCount
                ? (long)count
                : throw Refused($"'{path}' is not a whole number from 0 to {MaxCount}.");
        }

        /// <summary>A count that another includes, beside others that it includes.</summary>
        public long Part(string path, string whole, long others = 0)
        {
            var part = Of(path);
            return part <= Of(whole) - others ? part : throw Refused($"'{whole}' is less than '{path}', which it includes.");
        }

        private JsonElement? Find(string path)
        {
            var at = payload;
            foreach (var name in path.Split('.'))
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                {
                    return null;
                }
            }

            return at.ValueKind == JsonValueKind.Null ? null : at;
        }
    }
}
