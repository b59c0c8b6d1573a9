using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Auditing.Storage;

internal sealed class AuditLogger(StoreExecutor executor, IAuditAppender appender) : IAuditLogger
{
    private readonly AuditReader _reader = new(executor);

    public Task<AuditReceipt> LogAsync(AuditEntry entry, CancellationToken cancellationToken = default) =>
        LogAsync(new AuditAppend([AuditRows.Prepare(entry, executor)]), cancellationToken);

    public async Task<IReadOnlyList<AuditReceipt>> LogAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var append = new AuditAppend([.. entries.Select(e => AuditRows.Prepare(e, executor))]);
        if (entries.Count > 0)
        {
            await appender.AppendAsync(append, cancellationToken).ConfigureAwait(false);
        }

        return append.Receipts;
    }

    public async Task<AuditReceipt> CompleteAsync(Guid entryId, AuditOutcome outcome, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (Input.Defined(outcome.Status, nameof(outcome.Status)) == AuditStatus.Pending)
        {
            throw new ArgumentException("An outcome is Success, Failure or RolledBack, not Pending.", nameof(outcome.Status));
        }

        // Taken before the first await: the caller may dispose its document.
        var row = AuditRows.Complete(entryId, outcome, executor);
        var newest = await _reader.FindNewestRowAsync(entryId, cancellationToken).ConfigureAwait(false);
        if (!MayFollow(Status(newest), outcome.Status))
        {
            throw new AuditConflictException(entryId, Status(newest));
        }

        row.PreviousId = newest.Id;
        var append = new AuditAppend([row]) { Follows = newest.Sequence ?? long.MaxValue };
        var receipt = await LogAsync(append, cancellationToken).ConfigureAwait(false);
        return append.IsRefused
            ? throw new AuditConflictException(entryId, Status(await _reader.FindNewestRowAsync(entryId, cancellationToken).ConfigureAwait(false)))
            : receipt;
    }

    public Task<AuditRecord?> FindAsync(Guid entryId, CancellationToken cancellationToken = default) =>
        _reader.FindAsync(entryId, cancellationToken);

    public Task<AuditRecord?> FindByIdempotencyKeyAsync(string idempotencyKey, CancellationToken cancellationToken = default) =>
        _reader.FindByKeyAsync(Input.Key(idempotencyKey, nameof(idempotencyKey)), cancellationToken);

    public Task<IReadOnlyList<AuditRecord>> QueryAsync(AuditQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _reader.QueryAsync(
            query with
            {
                RunId = Input.OptionalKey(query.RunId, nameof(query.RunId)),
                UserId = Input.OptionalKey(query.UserId, nameof(query.UserId)),
                SessionId = Input.OptionalKey(query.SessionId, nameof(query.SessionId)),
                EventType = Input.Name(query.EventType, nameof(query.EventType)),
                Intent = Input.Name(query.Intent, nameof(query.Intent)),
                Action = Input.Name(query.Action, nameof(query.Action)),
                Status = query.Status is { } status ? Input.Defined(status, nameof(query.Status)) : null,
                From = Input.Time(query.From),
                To = Input.Time(query.To),
                AfterSequence = Input.NotNegative(query.AfterSequence, nameof(query.AfterSequence)),
                Limit = Input.Limit(query.Limit, Input.MaxPageSize, nameof(query.Limit)),
            },
            cancellationToken);
    }

    private async Task<AuditReceipt> LogAsync(AuditAppend append, CancellationToken cancellationToken)
    {
        await appender.AppendAsync(append, cancellationToken).ConfigureAwait(false);
        return append.Receipts[0];
    }

    private static AuditStatus Status(AuditActionRow row) => EnumText<AuditStatus>.Parse(row.Status);

    private static bool MayFollow(AuditStatus status, AuditStatus outcome) =>
        status == AuditStatus.Pending || (status is AuditStatus.Success or AuditStatus.Failure && outcome == AuditStatus.RolledBack);
}
