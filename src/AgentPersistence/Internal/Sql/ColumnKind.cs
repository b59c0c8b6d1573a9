using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Internal.Sql;

/// <summary>What a text column holds, where the databases need to be told.</summary>
internal enum ColumnKind
{
    /// <summary>JSON, kept as its exact text.</summary>
    Json,

    /// <summary>An id or a key: at most 255 characters, compared and ordered by its bytes.</summary>
    Key,
}

internal static class ColumnKindExtensions
{
    public const string Annotation = "AgentPersistence:ColumnKind";
    private const int LongestKey = 255;

    public static PropertyBuilder<TText> IsJson<TText>(this PropertyBuilder<TText> property) =>
        property.HasAnnotation(Annotation, ColumnKind.Json);

    public static PropertyBuilder<TText> IsKey<TText>(this PropertyBuilder<TText> property) =>
        property.HasMaxLength(LongestKey).HasAnnotation(Annotation, ColumnKind.Key);
}
