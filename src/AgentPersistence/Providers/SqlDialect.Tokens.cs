using System.Data.Common;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Tokens;

namespace AgentPersistence.Providers;

// By hand because decimals are added up exactly, and because ids are compared where a page goes on.
internal abstract partial class SqlDialect
{
    private static readonly string[] TokenBuckets = ["Input", "CacheRead", "CacheWrite", "Output", "Reasoning"];

    public SqlStatement FindTokenEntry => field ??= Statement("""
        SELECT {TokenEntry.*} FROM {TokenEntry} WHERE {TokenEntry.Id} = @id
        """);

    public SqlStatement FindTokenEntryOfCall => field ??= Statement("""
        SELECT {TokenEntry.*}
        FROM {TokenEntry} WHERE {TokenEntry.RunId} = @run_id AND {TokenEntry.CallId} = @call_id AND {TokenEntry.Attempt} = @attempt
        """);

    /// <summary>One page, newest first.</summary>
    public SqlStatement QueryTokenEntries(TokenQuery query) => Statement($$"""
        SELECT {TokenEntry.*} FROM {TokenEntry}
        WHERE true {{MatchingTokens(query)}}
            {{(query.After is null ? "" : "AND ({TokenEntry.OccurredAt}, {TokenEntry.Id}) < (@after_time, @after_id)")}}
        ORDER BY {TokenEntry.OccurredAt} DESC, {TokenEntry.Id} DESC
        LIMIT @limit
        """);

    /// <summary>Sums by day, counted from 1970-01-01, and currency.</summary>
    public SqlStatement SumTokensByDay(TokenQuery query) => Statement($$"""
        SELECT {{Day("{TokenEntry.OccurredAt}")}} AS day, {{TokenSums}} FROM {TokenEntry}
        WHERE true {{MatchingTokens(query)}}
        GROUP BY 1, {TokenEntry.Currency}
        """);

    /// <summary>Sums by scope, provider, model and currency.</summary>
    public SqlStatement SumTokensByModel(TokenQuery query) => Statement($$"""
        SELECT {TokenEntry.Scope}, {TokenEntry.Provider}, {TokenEntry.Model}, {{TokenSums}} FROM {TokenEntry}
        WHERE true {{MatchingTokens(query)}}
        GROUP BY {TokenEntry.Scope}, {TokenEntry.Provider}, {TokenEntry.Model}, {TokenEntry.Currency}
        """);

    /// <summary>A sum that <see cref="SumOfDecimals"/> has computed and that is not null.</summary>
    public abstract decimal ReadSumOfDecimals(DbDataReader reader, int ordinal);

    /// <summary>The exact sum of a column of decimals; it may take more than one column.</summary>
    protected abstract string SumOfDecimals(string column);

    /// <summary>The SQL of the day (UTC) of a time, as a number counted from 1970-01-01.</summary>
    protected abstract string Day(string time);

    private string TokenSums =>
        "{TokenEntry.Currency}, count(*), count({TokenEntry.Cost}), "
        + string.Join(", ", TokenBuckets.Select(bucket => $"CAST(sum({{TokenEntry.Tokens{bucket}}}) AS bigint)"))
        + $", {SumOfDecimals("{TokenEntry.Cost}")}";

    // A filter stands in the text only where it is asked for, so that its index serves it.
    private static string MatchingTokens(TokenQuery query) =>
        (query.Scope is null ? "" : " AND {TokenEntry.Scope} = @scope")
        + (query.Provider is null ? "" : " AND {TokenEntry.Provider} = @provider")
        + (query.Model is null ? "" : " AND {TokenEntry.Model} = @model")
        + (query.RunId is null ? "" : " AND {TokenEntry.RunId} = @run_id")
        + (query.UserId is null ? "" : " AND {TokenEntry.UserId} = @user_id")
        + (query.SessionId is null ? "" : " AND {TokenEntry.SessionId} = @session_id")
        + (query.ThreadId is null ? "" : " AND {TokenEntry.ThreadId} = @thread_id")
        + (query.JobId is null ? "" : " AND {TokenEntry.JobId} = @job_id")
        + (query.From is null ? "" : " AND {TokenEntry.OccurredAt} >= @from")
        + (query.To is null ? "" : " AND {TokenEntry.OccurredAt} < @to");
}
