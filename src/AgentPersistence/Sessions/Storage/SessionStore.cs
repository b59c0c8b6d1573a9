using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Sessions.Storage;

/// <param name="executor">How its work reaches the database.</param>
/// <param name="saver">Shares the commits of concurrent saves; null inside a transaction.</param>
internal sealed class SessionStore(StoreExecutor executor, SharedSessionSaver? saver) : ISessionStore
{
    public static readonly string Active = EnumText<SessionStatus>.From(SessionStatus.Active);

    private const string Kind = "session";

    public async Task<AgentSession> CreateAsync(NewSession session, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        var id = Input.OptionalKey(session.Id, nameof(session.Id)) ?? executor.Ids.Next().ToString();
        var userId = Input.OptionalKey(session.UserId, nameof(session.UserId));
        var state = Input.Json(session.State, nameof(session.State), executor.Options.MaxJsonBytes);
        var intent = Input.Name(session.CurrentIntent, nameof(session.CurrentIntent));
        var timeToLive = Input.Duration(session.TimeToLive, Input.MaxTimeToLive, nameof(session.TimeToLive))
            ?? executor.Options.Sessions.TimeToLive;
        var writeId = executor.Ids.Next();
        var isRepeat = false;
        var stored = await executor.WriteAsync(
            (unit, ct) =>
            {
                isRepeat = unit.IsRepeat;
                return unit.Command(unit.Dialect.CreateSession)
                    .Text("id", id).Text("user_id", userId).Json("state", state).Text("intent", intent).Text("active", Active)
                    .Number("time_to_live", timeToLive?.Ticks / TimeSpan.TicksPerMicrosecond).Id("write_id", writeId)
                    .ReadFirstAsync(SessionRow.Read, ct);
            },
            cancellationToken).ConfigureAwait(false);
        stored ??= await FindRowAsync(id, cancellationToken).ConfigureAwait(false);

        // Above version 1 the write id is a later writer's, so after a lost answer nobody knows who created it.
        return stored?.WriteId == writeId ? stored.Session
            : isRepeat && stored is not { Session.Version: 1 } ? throw new WriteInDoubtException(Kind, id)
            : throw new DuplicateSessionException(id);
    }

    public async Task<AgentSession?> FindAsync(string sessionId, CancellationToken cancellationToken = default) =>
        (await FindRowAsync(Input.Key(sessionId, nameof(sessionId)), cancellationToken).ConfigureAwait(false))?.Session;

    public async Task<AgentSession> SaveStateAsync(string sessionId, SessionUpdate update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        var id = Input.Key(sessionId, nameof(sessionId));
        var state = Input.Json(update.State, nameof(update.State), executor.Options.MaxJsonBytes);
        var intent = Input.Name(update.CurrentIntent, nameof(update.CurrentIntent));
        var expectedVersion = Input.NotNegative(update.ExpectedVersion, nameof(update.ExpectedVersion));
        var save = new SessionSave(id, state, intent, expectedVersion, executor.Ids.Next());
        var saved = saver is null
            ? await SaveAsync(save, cancellationToken).ConfigureAwait(false)
            : await saver.SaveAsync(save, ct => SaveAsync(save, ct), cancellationToken).ConfigureAwait(false);

        // Parsed anew: the caller may dispose its document.
        return saved with { State = StoredJson.Parse(state) };
    }

    public Task<AgentSession> EndAsync(
        string sessionId, SessionStatus status = SessionStatus.Completed, CancellationToken cancellationToken = default)
    {
        var id = Input.Key(sessionId, nameof(sessionId));
        if (Input.Defined(status, nameof(status)) == SessionStatus.Active)
        {
            throw new ArgumentException("A session ends as Completed, Abandoned or Expired, not as Active.", nameof(status));
        }

        var writeId = executor.Ids.Next();
        return WriteAsync(
            id,
            writeId,
            unit => unit.Command(unit.Dialect.EndSession)
                .Text("id", id).Text("active", Active).Text("status", EnumText<SessionStatus>.From(status)).Id("write_id", writeId),
            (found, _) => found.Status == status ? found
                : found.Status != SessionStatus.Active ? throw new SessionEndedException(id, found.Status)
                : null,
            cancellationToken);
    }

    public async Task<IReadOnlyList<AgentSession>> QueryAsync(SessionQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var userId = Input.OptionalKey(query.UserId, nameof(query.UserId));
        var afterId = Input.OptionalKey(query.After?.Id, nameof(query.After));
        var limit = Input.Limit(query.Limit, Input.MaxPageSize, nameof(query.Limit));
        var status = query.Status is { } asked ? EnumText<SessionStatus>.From(Input.Defined(asked, nameof(query.Status))) : null;
        return await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.QuerySessions(query))
                .Text("user_id", userId).Text("status", status).Time("from", Input.Time(query.From))
                .Time("after_time", query.After?.CreatedAt).Text("after_id", afterId).Number("limit", limit)
                .ReadAllAsync(row => SessionRow.Read(row).Session, ct),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> DeleteAsync(string sessionId, CancellationToken cancellationToken = default)
    {
        var id = Input.Key(sessionId, nameof(sessionId));
        return await executor.WriteAsync(
            async (unit, ct) =>
            {
                var deleted = await unit.Command(unit.Dialect.DeleteSession).Text("id", id).ExecuteAsync(ct).ConfigureAwait(false);

                // After a lost answer nobody can know who deleted it; it is gone, as the caller asked.
                return deleted > 0 || unit.IsRepeat;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private Task<AgentSession> SaveAsync(SessionSave save, CancellationToken cancellationToken) => WriteAsync(
        save.Id,
        save.WriteId,
        unit => unit.Command(unit.Dialect.SaveSession)
            .Text("id", save.Id).Json("state", save.State).Text("intent", save.Intent).Text("active", Active)
            .Number("expected_version", save.ExpectedVersion).Id("write_id", save.WriteId),
        (found, isRepeat) => isRepeat && !(found.Version <= save.ExpectedVersion + 1) ? throw new WriteInDoubtException(Kind, save.Id)
            : found.Status != SessionStatus.Active ? throw new SessionEndedException(save.Id, found.Status)
            : save.ExpectedVersion is { } expected && expected != found.Version
                ? throw new SessionConflictException(save.Id, expected, found.Version)
            : null,
        cancellationToken,
        save.MayBeStored);

    /// <summary>
    /// Writes one row. Where that changes nothing, the row is this call's own already, or <paramref name="judge"/> says what the caller
    /// gets for what was found, and whether the call's own write may be below it; null when the write would succeed by now. The row is looked
    /// at only then, because an attempt whose answer was lost may still be waiting for a lock in the server.
    /// </summary>
    private async Task<AgentSession> WriteAsync(
        string id,
        Guid writeId,
        Func<UnitOfWork, StoreCommand> write,
        Func<AgentSession, bool, AgentSession?> judge,
        CancellationToken cancellationToken,
        bool mayBeStored = false)
    {
        var isRepeat = false;
        while (true)
        {
            var stored = await executor.WriteAsync(
                (unit, ct) =>
                {
                    isRepeat |= unit.IsRepeat;
                    return write(unit).ReadFirstAsync(SessionRow.Read, ct);
                },
                cancellationToken,
                mayBeStored || isRepeat).ConfigureAwait(false);
            if (stored is not null)
            {
                return stored.Session;
            }

            var found = await FindWrittenAsync(id, isRepeat, cancellationToken).ConfigureAwait(false) ?? throw new SessionNotFoundException(id);
            if (found.WriteId == writeId)
            {
                return found.Session;
            }

            if (judge(found.Session, isRepeat) is { } answer)
            {
                return answer;
            }
        }
    }

    /// <summary>Finds a row that a write may have been stored in although its answer was lost, and says so where it cannot be read.</summary>
    private async Task<SessionRow?> FindWrittenAsync(string id, bool mayBeStored, CancellationToken cancellationToken)
    {
        try
        {
            return await FindRowAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (AgentPersistenceException exception) when (mayBeStored)
        {
            throw Failures.Unavailable(exception, mayBeStored, executor.Options.RetryTimeout);
        }
    }

    private Task<SessionRow?> FindRowAsync(string id, CancellationToken cancellationToken) =>
        executor.ReadAsync((unit, ct) => FindRowAsync(unit, id, ct), cancellationToken);

    private static Task<SessionRow?> FindRowAsync(UnitOfWork unit, string id, CancellationToken cancellationToken) =>
        unit.Command(unit.Dialect.FindSession).Text("id", id).ReadFirstAsync(SessionRow.Read, cancellationToken);
}
