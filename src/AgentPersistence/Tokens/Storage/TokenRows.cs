using System.Globalization;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Tokens.Storage;

/// <summary>Rows of the ledger: how they are appended, read, and turned into records.</summary>
internal static class TokenRows
{
    private const int FixedSize = 256;

    public static readonly AppendTable<TokenEntryEntity> Table = new()
    {
        Insert = new BulkInsert<TokenEntryEntity>(
            typeof(TokenEntryEntity),
            [
                new(nameof(TokenEntryEntity.Id), StoredType.Id, e => e.Id),
                new(nameof(TokenEntryEntity.Scope), StoredType.Text, e => e.Scope),
                new(nameof(TokenEntryEntity.Provider), StoredType.Text, e => e.Provider),
                new(nameof(TokenEntryEntity.Model), StoredType.Text, e => e.Model),
                new(nameof(TokenEntryEntity.RunId), StoredType.Text, e => e.RunId),
                new(nameof(TokenEntryEntity.CallId), StoredType.Text, e => e.CallId),
                new(nameof(TokenEntryEntity.Attempt), StoredType.Number, e => (long)e.Attempt),
                new(nameof(TokenEntryEntity.ThreadId), StoredType.Id, e => e.ThreadId),
                new(nameof(TokenEntryEntity.JobId), StoredType.Id, e => e.JobId),
                new(nameof(TokenEntryEntity.UserId), StoredType.Text, e => e.UserId),
                new(nameof(TokenEntryEntity.SessionId), StoredType.Text, e => e.SessionId),
                new(nameof(TokenEntryEntity.TokensInput), StoredType.Number, e => e.TokensInput),
                new(nameof(TokenEntryEntity.TokensCacheRead), StoredType.Number, e => e.TokensCacheRead),
                new(nameof(TokenEntryEntity.TokensCacheWrite), StoredType.Number, e => e.TokensCacheWrite),
                new(nameof(TokenEntryEntity.TokensOutput), StoredType.Number, e => e.TokensOutput),
                new(nameof(TokenEntryEntity.TokensReasoning), StoredType.Number, e => e.TokensReasoning),
                new(nameof(TokenEntryEntity.TokensTotal), StoredType.Number, e => e.TokensTotal),
                new(nameof(TokenEntryEntity.Cost), StoredType.Decimal, e => e.Cost),
                new(nameof(TokenEntryEntity.Currency), StoredType.Text, e => e.Currency),
                new(nameof(TokenEntryEntity.OccurredAt), StoredType.Time, e => e.OccurredAt),
                new(nameof(TokenEntryEntity.CreatedAt), StoredType.Time, e => e.CreatedAt),
            ])
        {
            Key = [nameof(TokenEntryEntity.RunId), nameof(TokenEntryEntity.CallId), nameof(TokenEntryEntity.Attempt)],
        },
        Id = e => e.Id,
        Size = e => FixedSize + e.Scope.Length + e.Provider.Length + (e.RunId?.Length ?? 0) + (e.CallId?.Length ?? 0),
        Read = Read,

        // Ids hold no control characters.
        Key = e => e.CallId is null ? null : string.Create(CultureInfo.InvariantCulture, $"{e.RunId}\n{e.CallId}\n{e.Attempt}"),
        Conflict = TokenEntryInput.Conflict,
    };

    public static TokenEntry Record(TokenEntryEntity row, bool alreadyLogged = false) => new()
    {
        Id = row.Id,
        Scope = row.Scope,
        Provider = row.Provider,
        Model = row.Model,
        Usage = new TokenUsage
        {
            Input = row.TokensInput,
            CacheRead = row.TokensCacheRead,
            CacheWrite = row.TokensCacheWrite,
            Output = row.TokensOutput,
            Reasoning = row.TokensReasoning,
        },
        RunId = row.RunId,
        CallId = row.CallId,
        Attempt = row.Attempt,
        ThreadId = row.ThreadId,
        JobId = row.JobId,
        UserId = row.UserId,
        SessionId = row.SessionId,
        Cost = row.Cost,
        Currency = row.Currency,
        OccurredAt = row.OccurredAt,
        CreatedAt = row.CreatedAt,
        AlreadyLogged = alreadyLogged,
    };

    /// <summary>Reads <c>{TokenEntry.*}</c>.</summary>
    public static TokenEntryEntity Read(StoreReader row)
    {
        var columns = row.Table<TokenEntryEntity>();
        return new TokenEntryEntity
        {
            Id = row.Id(columns.Ordinal(nameof(TokenEntryEntity.Id))),
            Scope = row.Text(columns.Ordinal(nameof(TokenEntryEntity.Scope))),
            Provider = row.Text(columns.Ordinal(nameof(TokenEntryEntity.Provider))),
            Model = row.TextOrNull(columns.Ordinal(nameof(TokenEntryEntity.Model))),
            RunId = row.TextOrNull(columns.Ordinal(nameof(TokenEntryEntity.RunId))),
            CallId = row.TextOrNull(columns.Ordinal(nameof(TokenEntryEntity.CallId))),
            Attempt = (int)row.Number(columns.Ordinal(nameof(TokenEntryEntity.Attempt))),
            ThreadId = row.IdOrNull(columns.Ordinal(nameof(TokenEntryEntity.ThreadId))),
            JobId = row.IdOrNull(columns.Ordinal(nameof(TokenEntryEntity.JobId))),
            UserId = row.TextOrNull(columns.Ordinal(nameof(TokenEntryEntity.UserId))),
            SessionId = row.TextOrNull(columns.Ordinal(nameof(TokenEntryEntity.SessionId))),
            TokensInput = row.Number(columns.Ordinal(nameof(TokenEntryEntity.TokensInput))),
            TokensCacheRead = row.Number(columns.Ordinal(nameof(TokenEntryEntity.TokensCacheRead))),
            TokensCacheWrite = row.Number(columns.Ordinal(nameof(TokenEntryEntity.TokensCacheWrite))),
            TokensOutput = row.Number(columns.Ordinal(nameof(TokenEntryEntity.TokensOutput))),
            TokensReasoning = row.Number(columns.Ordinal(nameof(TokenEntryEntity.TokensReasoning))),
            TokensTotal = row.Number(columns.Ordinal(nameof(TokenEntryEntity.TokensTotal))),
            Cost = row.DecimalOrNull(columns.Ordinal(nameof(TokenEntryEntity.Cost))),
            Currency = row.TextOrNull(columns.Ordinal(nameof(TokenEntryEntity.Currency))),
            OccurredAt = row.Time(columns.Ordinal(nameof(TokenEntryEntity.OccurredAt))),
            CreatedAt = row.Time(columns.Ordinal(nameof(TokenEntryEntity.CreatedAt))),
        };
    }
}
