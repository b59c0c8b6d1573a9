using AgentPersistence.Auditing;
using AgentPersistence.Conversations;
using AgentPersistence.Customers;
using AgentPersistence.Idempotency;
using AgentPersistence.Incidents;
using AgentPersistence.Sessions;

namespace AgentPersistence.Tests;

public class ExceptionTests
{
    private static readonly Exception Cause = new InvalidOperationException();
    private static readonly Guid Id = new("01890a5d-ac96-774b-bcce-b302099a8057");

    public static TheoryData<AgentPersistenceException, string> All => new()
    {
        { new AgentPersistenceException("what", Cause), "what" },
        { new LeaseLostException("job", "j1", Id, Cause), "job 'j1'" },
        { new WriteInDoubtException("customer context", "c1", Cause), "customer context 'c1'" },
        { new AuditConflictException(Id, AuditStatus.Success, Cause), $"{Id} is Success" },
        { new AuditEntryNotFoundException(Id, Cause), Id.ToString() },
        { new SessionNotFoundException("s1", Cause), "'s1'" },
        { new SessionConflictException("s1", 3, 4, Cause), "'s1' is at version 4, not 3" },
        { new SessionEndedException("s1", SessionStatus.Expired, Cause), "'s1' is Expired" },
        { new DuplicateSessionException("s1", Cause), "'s1'" },
        { new CustomerConflictException("c1", 3, 4, Cause), "'c1' is at version 4, not 3" },
        { new ChatThreadNotFoundException(Id, Cause), $"thread {Id}" },
        { new ChatMessageNotFoundException(Id, Cause), $"message {Id}" },
        { new MessageArtifactNotFoundException(Id, Cause), $"artifact {Id}" },
        { new MessageConflictException(Id, "m1", Cause), $"Thread {Id} has a message 'm1'" },
        { new IncidentNotFoundException(Id, Cause), $"incident {Id}" },
        { new IncidentConflictException(Id, Cause), $"Incident {Id}" },
        { new IncidentClosedException(Id, IncidentOutcome.PartialFailure, Cause), $"Incident {Id} is PartialFailure" },
        { new IdempotencyInFlightException("k1", TimeSpan.FromSeconds(2), "pay", Cause), "'k1' in scope 'pay'" },
        { new IdempotencyMismatchException("k1", "", Cause), "'k1'" },
        { new IdempotencyFailedException("k1", "declined", "pay", Cause), "declined" },
        { new IdempotencyNotStartedException("k1", "unreachable", "pay", Cause), "unreachable" },
        { new IdempotencyIndeterminateException("k1", "pay", Cause), "'k1' in scope 'pay'" },
    };

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void Every_exception_says_which_record_and_keeps_its_cause(AgentPersistenceException exception, string says)
    {
        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
        Assert.Same(Cause, exception.InnerException);
    }

    [Fact]
    public void Every_exception_of_the_library_is_in_the_list()
    {
        var known = All.Select(row => row.Data.Item1.GetType()).ToHashSet();

        Assert.All(
            typeof(AgentPersistenceException).Assembly.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(Exception))),
            type => Assert.Contains(type, known));
    }

    [Fact]
    public void Exceptions_carry_what_a_caller_needs_to_react()
    {
        var lost = new LeaseLostException("job", "j1", Id);
        Assert.Equal(("job", "j1", Id), (lost.Kind, lost.Key, lost.Token));
        var doubt = new WriteInDoubtException("customer context", "c1");
        Assert.Equal(("customer context", "c1"), (doubt.Kind, doubt.Key));
        var audit = new AuditConflictException(Id, AuditStatus.RolledBack);
        Assert.Equal((Id, AuditStatus.RolledBack), (audit.EntryId, audit.CurrentStatus));
        Assert.Equal(Id, new AuditEntryNotFoundException(Id).EntryId);
        Assert.Equal("s1", new SessionNotFoundException("s1").SessionId);
        Assert.Equal("s1", new DuplicateSessionException("s1").SessionId);
        var ended = new SessionEndedException("s1", SessionStatus.Abandoned);
        Assert.Equal(("s1", SessionStatus.Abandoned), (ended.SessionId, ended.Status));
        var session = new SessionConflictException("s1", 3, 4);
        Assert.Equal(("s1", 3L, 4L), (session.SessionId, session.ExpectedVersion, session.ActualVersion));
        var customer = new CustomerConflictException("c1", 0, 4);
        Assert.Equal(("c1", 0L, 4L), (customer.CustomerId, customer.ExpectedVersion, customer.ActualVersion));
    }

    [Fact]
    public void Conversation_exceptions_carry_which_record()
    {
        Assert.Equal(Id, new ChatThreadNotFoundException(Id).ThreadId);
        Assert.Equal(Id, new ChatMessageNotFoundException(Id).MessageId);
        Assert.Equal(Id, new MessageArtifactNotFoundException(Id).ArtifactId);
        var conflict = new MessageConflictException(Id, "m1");
        Assert.Equal((Id, "m1"), (conflict.ThreadId, conflict.PlatformMessageId));
    }

    [Fact]
    public void Incident_exceptions_carry_which_one_and_how_it_went()
    {
        Assert.Equal(Id, new IncidentNotFoundException(Id).IncidentId);
        Assert.Equal(Id, new IncidentConflictException(Id).IncidentId);
        var closed = new IncidentClosedException(Id, IncidentOutcome.Rejected);
        Assert.Equal((Id, IncidentOutcome.Rejected), (closed.IncidentId, closed.Outcome));
    }

    [Fact]
    public void Idempotency_exceptions_carry_the_key_and_its_scope()
    {
        var flight = new IdempotencyInFlightException("k1", TimeSpan.FromSeconds(2), "pay");
        Assert.Equal(("k1", "pay", TimeSpan.FromSeconds(2)), (flight.Key, flight.Scope, flight.RetryAfter));
        Assert.Null(new IdempotencyInFlightException("k1").RetryAfter);
        var failed = new IdempotencyFailedException("k1", "declined");
        Assert.Equal(("k1", "", "declined"), (failed.Key, failed.Scope, failed.Error));
        var idle = new IdempotencyNotStartedException("k1", "unreachable");
        Assert.Equal(("k1", "", "unreachable"), (idle.Key, idle.Scope, idle.Reason));
        var mismatch = new IdempotencyMismatchException("k1", "pay");
        Assert.Equal(("k1", "pay"), (mismatch.Key, mismatch.Scope));
        var unknown = new IdempotencyIndeterminateException("k1", "pay");
        Assert.Equal(("k1", "pay"), (unknown.Key, unknown.Scope));
    }
}
