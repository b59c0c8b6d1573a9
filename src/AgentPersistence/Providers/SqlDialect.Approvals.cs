using AgentPersistence.Approvals;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers;

// By hand because expiry is judged by the database's clock, and because a decision is one conditional write that returns the row.
internal abstract partial class SqlDialect
{
    private const string PendingApproval = "'pending'";
    private const string ApprovedApproval = "'approved'";
    private const string SupersededApproval = "'superseded'";
    private const string ExpiredApproval = "'expired'";

    // What its index holds: spelled like its filter.
    private const string IsOpenApproval =
        "{Approval.ConsumedAt} IS NULL AND {Approval.Status} IN (" + PendingApproval + ", " + ApprovedApproval + ")";

    private const string NewApprovalColumns = """
        {Approval.Id}, {Approval.ThreadId}, {Approval.JobId}, {Approval.ProposalText}, {Approval.ActionJson}, {Approval.ActionDigest},
            {Approval.RequestedBy}, {Approval.Status}, {Approval.Supersedes}, {Approval.CreatedAt}, {Approval.ExpiresAt}, {Approval.WriteId}
        """;

    /// <summary>Creates an approval; no row comes back where its id is taken.</summary>
    public SqlStatement CreateApproval => field ??= Statement($$"""
        INSERT INTO {Approval} ({{NewApprovalColumns}})
        SELECT @id, @thread_id, @job_id, @proposal, @action, @digest, @requested_by, {{PendingApproval}}, @supersedes,
            {{ApprovalTimes}}, @id
        FROM (SELECT {{Clock}} AS now) AS t
        WHERE true
        ON CONFLICT ({Approval.Id}) DO NOTHING
        RETURNING {Approval.*}, {{Clock}}
        """);

    /// <summary>The same, where the approval that it replaces may be replaced.</summary>
    public SqlStatement CreateReplacement => field ??= Statement($$"""
        INSERT INTO {Approval} ({{NewApprovalColumns}})
        SELECT @id, coalesce(@thread_id, {Approval.ThreadId}), coalesce(@job_id, {Approval.JobId}), @proposal, @action, @digest,
            @requested_by, {{PendingApproval}}, {Approval.Id}, {{ApprovalTimes}}, @id
        FROM {Approval} CROSS JOIN (SELECT {{Clock}} AS now) AS t
        WHERE {Approval.Id} = @supersedes AND {{Filter(IsOpenApproval)}} AND ({Approval.ExpiresAt} IS NULL OR {Approval.ExpiresAt} > t.now)
        ON CONFLICT ({Approval.Id}) DO NOTHING
        RETURNING {Approval.*}, {{Clock}}
        """);

    public SqlStatement FindApproval => field ??= Statement($$"""
        SELECT {Approval.*}, {{Clock}} FROM {Approval} WHERE {Approval.Id} = @id
        """);

    /// <summary>Of some approvals, those that are not pending any more.</summary>
    public SqlStatement FindDecidedApprovals => field ??= Statement($$"""
        SELECT {Approval.Id} FROM {Approval}
        WHERE {Approval.Id} {{AnyOf("@ids")}} AND ({Approval.Status} <> {{PendingApproval}} OR {Approval.ExpiresAt} <= {{Clock}})
        """);

    /// <summary>Keeps an approval from being decided or consumed until the transaction ends; waits for whoever does that now.</summary>
    public SqlStatement LockApproval => field ??= Statement($$"""
        SELECT {Approval.Id} FROM {Approval} WHERE {Approval.Id} = @id {{HeadLock}}
        """);

    // The clock is asked anew in each place, here and below: a sub-select would keep the time from before a wait for the row.
    public SqlStatement ResolveApproval => field ??= Statement($$"""
        UPDATE {Approval}
        SET {Approval.Status} = @status, {Approval.DecidedBy} = @decided_by, {Approval.DecidedAt} = {{Clock}},
            {Approval.Reason} = @reason, {Approval.WriteId} = @write_id
        WHERE {Approval.Id} = @id AND {{Filter($"{{Approval.Status}} = {PendingApproval}")}} AND {{IsUnexpiredApproval}}
        RETURNING {Approval.*}, {{Clock}}
        """);

    /// <summary>Marks an approval that is locked and has been replaced.</summary>
    public SqlStatement SupersedeApproval => field ??= Statement($$"""
        UPDATE {Approval}
        SET {Approval.Status} = {{SupersededApproval}}, {Approval.SupersededBy} = @superseded_by, {Approval.WriteId} = @superseded_by
        WHERE {Approval.Id} = @id
        """);

    public SqlStatement ConsumeApproval => field ??= Statement($$"""
        UPDATE {Approval}
        SET {Approval.ConsumedAt} = {{Clock}}, {Approval.WriteId} = @write_id
        WHERE {Approval.Id} = @id AND {{Filter($"{{Approval.Status}} = {ApprovedApproval}")}} AND {Approval.ConsumedAt} IS NULL
            AND {Approval.ActionDigest} = @digest AND {{IsUnexpiredApproval}}
        RETURNING {Approval.*}, {{Clock}}
        """);

    /// <summary>Marks the longest expired approvals, and returns their ids. It waits for nobody.</summary>
    public SqlStatement ExpireApprovals => field ??= Statement($$"""
        WITH due AS MATERIALIZED (
            SELECT {Approval.Id} AS due_id FROM {Approval} {{By("ix_agent_approvals_expires_at")}}
            WHERE {{IsOpenApproval}} AND {Approval.ExpiresAt} <= (SELECT {{Clock}})
            ORDER BY {Approval.ExpiresAt}
            LIMIT @limit
            {{SkipLocked("{Approval}")}})
        UPDATE {Approval}
        SET {Approval.Status} = {{ExpiredApproval}}, {Approval.WriteId} = @write_id
        FROM due
        WHERE {Approval.Id} = due.due_id
        RETURNING {Approval.Id}
        """);

    private string IsUnexpiredApproval => $"({{Approval.ExpiresAt}} IS NULL OR {{Approval.ExpiresAt}} > {Clock})";

    private string ApprovalTimes => $"t.now, coalesce(@expires_at, {After("t.now", "@time_to_live")})";

    /// <summary>One page. A filter stands in the text only where it is asked for, so that its index serves it.</summary>
    public SqlStatement QueryApprovals(ApprovalQuery query)
    {
        var (after, direction) = query.NewestFirst ? ("<", "DESC") : (">", "ASC");
        var order = $"{{Approval.CreatedAt}} {direction}, {{Approval.Id}} {direction}";
        return Statement(query.Status switch
        {
            null => Page("true"),
            ApprovalStatus.Pending =>
                Page("{Approval.Status} = @status AND ({Approval.ExpiresAt} IS NULL OR {Approval.ExpiresAt} > t.now)"),
            ApprovalStatus.Approved => Page(
                "{Approval.Status} = @status "
                + "AND ({Approval.ConsumedAt} IS NOT NULL OR {Approval.ExpiresAt} IS NULL OR {Approval.ExpiresAt} > t.now)"),
            ApprovalStatus.Expired => InHalves([Page("{Approval.Status} = @status"), .. Lapsed()], "{Approval.*}, now", order),
            _ => Page("{Approval.Status} = @status"),
        });

        // Those past their expiry that nobody has marked yet. A thread and a job have few approvals, and an index.
        IEnumerable<string> Lapsed()
        {
            var lapsed = $"{IsOpenApproval} AND {{Approval.ExpiresAt}} <= {PlannedClock}";
            return query is { ThreadId: null, JobId: null }
                ? ByIndexIfFew("Approval", "ix_agent_approvals_expires_at", lapsed, Page)
                : [Page(lapsed)];
        }

        string Page(string stand, string limit = "@limit") => $$"""
            SELECT {Approval.*}, t.now
            FROM {Approval} CROSS JOIN (SELECT {{Clock}} AS now) AS t
            WHERE {{stand}}
                {{(query.ThreadId is null ? "" : "AND {Approval.ThreadId} = @thread_id")}}
                {{(query.JobId is null ? "" : "AND {Approval.JobId} = @job_id")}}
                {{(query.From is null ? "" : "AND {Approval.CreatedAt} >= @from")}}
                {{(query.After is null ? "" : "AND ({Approval.CreatedAt}, {Approval.Id}) " + after + " (@after_time, @after_id)")}}
            ORDER BY {{order}}
            LIMIT {{limit}}
            """;
    }
}
