using System.Data.Common;
using AgentPersistence.Approvals;
using AgentPersistence.Auditing;
using AgentPersistence.Conversations;
using AgentPersistence.Customers;
using AgentPersistence.Deployments;
using AgentPersistence.Idempotency;
using AgentPersistence.Incidents;
using AgentPersistence.Interactions;
using AgentPersistence.Jobs;
using AgentPersistence.Knowledge;
using AgentPersistence.Metrics;
using AgentPersistence.Sessions;
using AgentPersistence.Tokens;
using AgentPersistence.Transactions;

namespace AgentPersistence;

/// <summary>
/// Every store, bound to one transaction. The stores take turns on its connection; nothing is retried inside it; expected outcomes
/// (a duplicate, a conflict, a lost lease) leave it usable; after any other exception it can only be rolled back. A write of several
/// commands is no longer cancelled once it has begun. Disposing without <see cref="CommitAsync"/> rolls back, unless the transaction is
/// the host's (<see cref="IAgentDatabase.Enlist"/>), whom both are left to.
/// </summary>
public interface IAgentTransaction : IAsyncDisposable
{
    /// <summary>The audit log. Entries may have no sequence until the transaction has committed.</summary>
    IAuditLogger Audit { get; }

    /// <summary>Run metrics.</summary>
    IMetricsRecorder Metrics { get; }

    /// <summary>Sessions.</summary>
    ISessionStore Sessions { get; }

    /// <summary>Idempotency. A claim begun here is this transaction's: others wait for it to end.</summary>
    IIdempotencyCache Idempotency { get; }

    /// <summary>Customer context.</summary>
    ICustomerContextStore Customers { get; }

    /// <summary>Conversations. A thread that is appended to is this transaction's: others' appends to it wait for it to end.</summary>
    IConversationStore Conversations { get; }

    /// <summary>
    /// Jobs. Enqueue here what must be done if, and only if, this transaction commits; settle here a job whose effect it holds.
    /// </summary>
    IJobQueue Jobs { get; }

    /// <summary>Approvals. One that is decided or consumed here is so once this commits, and as it was if it does not.</summary>
    IApprovalStore Approvals { get; }

    /// <summary>The transaction journal.</summary>
    ITransactionJournal Transactions { get; }

    /// <summary>
    /// The database's own transaction, for rows of the host's own that are to commit with those of the stores: on its connection, while no
    /// call of a store is running. Leave its end to <see cref="CommitAsync"/>, or to whom it was enlisted from.
    /// </summary>
    DbTransaction DbTransaction { get; }

    /// <summary>Deployments. One that is moved on is this transaction's: others who move it wait for it to end.</summary>
    IDeploymentLog Deployments { get; }

    /// <summary>The registry of knowledge documents.</summary>
    IKnowledgeRegistry Knowledge { get; }

    /// <summary>Interactions and escalations. An interaction that is escalated here cannot be deleted by others until it ends.</summary>
    IInteractionLog Interactions { get; }

    /// <summary>
    /// The token ledger. A budget that is reserved from, settled or released is this transaction's: others wait for it to end.
    /// </summary>
    ITokenLedger Tokens { get; }

    /// <summary>Incidents.</summary>
    IIncidentMemory Incidents { get; }

    /// <summary>Commits and gives the connection back. When it returns, everything the stores wrote is durable.</summary>
    /// <param name="cancellationToken">Cancels the call before the commit is sent.</param>
    /// <returns>A task that completes when the transaction is durable.</returns>
    /// <exception cref="InvalidOperationException">
    /// The transaction is the host's, has already ended, or one of its calls has failed. Nothing was stored by this call.
    /// </exception>
    /// <exception cref="WriteInDoubtException">The connection was lost while committing: all of it is stored, or nothing is.</exception>
    Task CommitAsync(CancellationToken cancellationToken = default);
}
