using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Conversations.Storage;

/// <summary>What may be an artifact, and rows of artifacts turned into records.</summary>
internal static class ArtifactRows
{
    public const int LongestUri = 2_048;

    /// <summary>An artifact is its content, or says where that is.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static void RequireAny(string? content, string? uri, string argument)
    {
        if (content is null && uri is null)
        {
            throw new ArgumentException("An artifact needs its content, a URI, or both.", argument);
        }
    }

    public static string? Uri(string? value, string argument)
    {
        if (value is null)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(value) || value.Length > LongestUri)
        {
            throw new ArgumentException($"A URI must not be blank nor exceed {LongestUri} characters.", argument);
        }

        return value.Any(char.IsControl) || Input.Text(value) != value
            ? throw new ArgumentException("A URI must be well-formed UTF-16 without control characters.", argument)
            : value;
    }

    public static MessageArtifact Record(MessageArtifactEntity row) => new()
    {
        Id = row.Id,
        MessageId = row.MessageId,
        Kind = EnumText<ArtifactKind>.Parse(row.Kind),
        Content = StoredJson.Parse(row.ContentJson),
        Uri = row.Uri,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
    };

    /// <summary>Reads <c>{MessageArtifact.*}</c>.</summary>
    public static MessageArtifact Read(StoreReader row)
    {
        var columns = row.Table<MessageArtifactEntity>();
        return new MessageArtifact
        {
            Id = row.Id(columns.Ordinal(nameof(MessageArtifactEntity.Id))),
            MessageId = row.Id(columns.Ordinal(nameof(MessageArtifactEntity.MessageId))),
            Kind = EnumText<ArtifactKind>.Parse(row.Text(columns.Ordinal(nameof(MessageArtifactEntity.Kind)))),
            Content = StoredJson.Parse(row.TextOrNull(columns.Ordinal(nameof(MessageArtifactEntity.ContentJson)))),
            Uri = row.TextOrNull(columns.Ordinal(nameof(MessageArtifactEntity.Uri))),
            CreatedAt = row.Time(columns.Ordinal(nameof(MessageArtifactEntity.CreatedAt))),
            UpdatedAt = row.Time(columns.Ordinal(nameof(MessageArtifactEntity.UpdatedAt))),
        };
    }
}
