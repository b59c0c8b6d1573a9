using AgentPersistence.Conversations.Storage;

namespace AgentPersistence.Tests.Conversations;

public sealed class MessageHashTests
{
    [Fact]
    public void The_hash_is_what_databases_hold_already() =>
        // SHA-256 of 00000004 "user" 00000003 "h\u00e9" ffffffff 00000002 "{}".
        Assert.Equal(
            "832cb102f8b114173f98bc356d5697b7306395c8cd59da31ab2204b6fed61ad9",
            Convert.ToHexStringLower(MessageHash.Of("user", "h\u00e9", null, "{}")));

    [Fact]
    public void No_two_contents_run_into_each_other()
    {
        string[] hashes =
        [
            Hash("user", "ab", "c", null), Hash("user", "a", "bc", null), Hash("user", "ab", null, "c"), Hash("user", "abc", null, null),
            Hash("user", "abc", "", null), Hash("usera", "bc", null, null),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    private static string Hash(string role, string? text, string? author, string? payload) =>
        Convert.ToHexString(MessageHash.Of(role, text, author, payload));
}
