using AgentPersistence.Approvals;
using AgentPersistence.Auditing;
using AgentPersistence.Conversations;
using AgentPersistence.Customers;
using AgentPersistence.Deployments;
using AgentPersistence.Idempotency;
using AgentPersistence.Interactions;
using AgentPersistence.Jobs;
using AgentPersistence.Incidents;
using AgentPersistence.Sessions;
using AgentPersistence.Transactions;
using AgentPersistence.Tokens;

namespace AgentPersistence.Tests;

public class ExceptionTests
{
    private static readonly Exception Cause = new InvalidOperationException();
    private static readonly Guid Id = new("01890a5d-ac96-774b-bcce-b302099a8057");

    private static readonly TokenBudget Budget = new() { Key = new("s1", TokenBudgetPeriod.Day), Limit = 10, Used = 7 };

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
        { new ApprovalNotFoundException(Id, Cause), $"approval {Id}" },
        { new DuplicateApprovalException(Id, Cause), $"approval {Id}" },
        { new ApprovalConflictException(Id, ApprovalStatus.Rejected, "mia", Cause), $"{Id} is Rejected already, decided by 'mia'" },
        { new ApprovalNotApprovedException(Id, ApprovalStatus.Expired, Cause), $"Approval {Id} is Expired" },
        { new ApprovalConsumedException(Id, DateTimeOffset.UnixEpoch, Cause), $"Approval {Id} was consumed at 1970" },
        { new ApprovalActionMismatchException(Id, "v1:a", "v1:b", Cause), $"Approval {Id} is for another action" },
        { new DeploymentNotFoundException(Id, Cause), $"deployment {Id}" },
        { new DeploymentConflictException(Id, Cause), $"deployment {Id}" },
        { new DeploymentTransitionException(Id, DeploymentStatus.Failed, DeploymentStatus.Healthy, Cause), "is Failed and cannot become Healthy" },
        { new InteractionNotFoundException(Id, Cause), $"interaction {Id}" },
        { new EscalationConflictException(Id, Cause), $"escalation {Id}" },
        { new TokenEntryConflictException("r1", "c1", 2, Cause), "Attempt 2 at call 'c1' of run 'r1'" },
        { new TokenBudgetNotFoundException(Budget.Key, Cause), "Scope = s1, Period = Day" },
        { new TokenBudgetExceededException(5, Budget, Cause), "5 cannot be reserved: of the limit 10" },
        { new TokenReservationNotFoundException(Id, Cause), $"reservation {Id}" },
        { new TokenReservationConflictException(Id, TokenReservationState.Settled, Cause), $"{Id} is Settled" },
        { new JobNotFoundException(Id, Cause), $"job {Id}" },
        { new JobConflictException(Id, JobStatus.Running, innerException: Cause), $"{Id} is Running" },
        { new JobFailedException("declined", Cause), "declined" },
        { new IncidentNotFoundException(Id, Cause), $"incident {Id}" },
        { new IncidentConflictException(Id, Cause), $"Incident {Id}" },
        { new IncidentClosedException(Id, IncidentOutcome.PartialFailure, Cause), $"Incident {Id} is PartialFailure" },
        { new IdempotencyInFlightException("k1", TimeSpan.FromSeconds(2), "pay", Cause), "'k1' in scope 'pay'" },
        { new IdempotencyMismatchException("k1", "", Cause), "'k1'" },
        { new IdempotencyFailedException("k1", "declined", "pay", Cause), "declined" },
        { new IdempotencyNotStartedException("k1", "unreachable", "pay", Cause), "unreachable" },
        { new IdempotencyIndeterminateException("k1", "pay", Cause), "'k1' in scope 'pay'" },
        { new TransactionNotFoundException(Id, Cause), $"transaction {Id}" },
        { new TransactionConflictException(Id, TransactionStatus.RolledBack, "it is late", Cause), $"{Id} is RolledBack: it is late" },
        { new RollbackInFlightException(Id, TimeSpan.FromSeconds(2), Cause), $"{Id} is being rolled back elsewhere. Ask again after 00:00:02" },
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
    public void Approval_exceptions_carry_what_a_caller_needs_to_react()
    {
        Assert.Equal(Id, new ApprovalNotFoundException(Id).ApprovalId);
        Assert.Equal(Id, new DuplicateApprovalException(Id).ApprovalId);
        var conflict = new ApprovalConflictException(Id, ApprovalStatus.Approved, "mia");
        Assert.Equal((Id, ApprovalStatus.Approved, "mia"), (conflict.ApprovalId, conflict.Status, conflict.DecidedBy));
        var undecided = new ApprovalConflictException(Id, ApprovalStatus.Expired, null);
        Assert.DoesNotContain("decided by", undecided.Message, StringComparison.Ordinal);
        var not = new ApprovalNotApprovedException(Id, ApprovalStatus.Superseded);
        Assert.Equal((Id, ApprovalStatus.Superseded), (not.ApprovalId, not.Status));
        var consumed = new ApprovalConsumedException(Id, DateTimeOffset.UnixEpoch);
        Assert.Equal((Id, DateTimeOffset.UnixEpoch), (consumed.ApprovalId, consumed.ConsumedAt));
        var mismatch = new ApprovalActionMismatchException(Id, "v1:a", "v1:b");
        Assert.Equal((Id, "v1:a", "v1:b"), (mismatch.ApprovalId, mismatch.ExpectedDigest, mismatch.ActualDigest));
    }

    [Fact]
    public void Exceptions_of_the_journal_carry_which_transaction_and_where_it_stands()
    {
        Assert.Equal(Id, new TransactionNotFoundException(Id).TransactionId);
        var conflict = new TransactionConflictException(Id, TransactionStatus.Failed, "it is late");
        Assert.Equal((Id, TransactionStatus.Failed, "it is late"), (conflict.TransactionId, conflict.CurrentStatus, conflict.Reason));
        var flight = new RollbackInFlightException(Id, TimeSpan.FromSeconds(2));
        Assert.Equal((Id, TimeSpan.FromSeconds(2)), (flight.TransactionId, flight.RetryAfter));
        Assert.Null(new RollbackInFlightException(Id).RetryAfter);
    }

    [Fact]
    public void Deployment_exceptions_carry_which_one_and_how_it_stands()
    {
        Assert.Equal(Id, new DeploymentNotFoundException(Id).DeploymentId);
        Assert.Equal(Id, new DeploymentConflictException(Id).DeploymentId);
        var refusal = new DeploymentTransitionException(Id, DeploymentStatus.Failed, DeploymentStatus.Healthy);
        Assert.Equal(
            (Id, DeploymentStatus.Failed, DeploymentStatus.Healthy),
            (refusal.DeploymentId, refusal.CurrentStatus, refusal.RequestedStatus));
    }

    [Fact]
    public void Interaction_exceptions_carry_which_record()
    {
        Assert.Equal(Id, new InteractionNotFoundException(Id).InteractionId);
        Assert.Equal(Id, new EscalationConflictException(Id).EscalationId);
    }

    [Fact]
    public void Job_exceptions_carry_which_job_and_why()
    {
        Assert.Equal(Id, new JobNotFoundException(Id).JobId);
        var running = new JobConflictException(Id, JobStatus.Running);
        Assert.Equal((Id, JobStatus.Running, null), (running.JobId, running.Status, running.UniqueKey));
        var taken = new JobConflictException(Id, JobStatus.Failed, "k1");
        Assert.Equal(("k1", true), (taken.UniqueKey, taken.Message.Contains("'k1'", StringComparison.Ordinal)));
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
