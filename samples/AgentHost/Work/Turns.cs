using System.Text.Json;
using AgentPersistence;
using AgentPersistence.Auditing;
using AgentPersistence.Conversations;
using AgentPersistence.Jobs;
using AgentPersistence.Metrics;
using AgentPersistence.Transactions;
using QuickStart.Conversations;
using QuickStart.Playing;

namespace AgentHost.Work;

/// <summary>Where turns begin and end: each step is one commit, so a crash leaves it done or not begun.</summary>
public sealed class Turns(IAgentDatabase database, ITransactionJournal journal, TimeProvider time)
{
    // A worker that was killed has used up an attempt.
    private const int Attempts = 100;

    /// <summary>The customer's first message, and the job that answers it. Again, it stores nothing.</summary>
    public async Task BeginAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginTransactionAsync(cancellationToken);
        var thread = await transaction.Conversations.GetOrCreateThreadAsync(Script.Host, conversation.Id, cancellationToken);

        // The thread first, as where a turn ends: whoever locks two rows in another order than others may be ended as their deadlock.
        await AskAsync(transaction, thread.Id, conversation, 0, cancellationToken);
        var (run, journey) = (Script.RunIdOf(conversation), Outcomes.JourneyOf(conversation));
        await transaction.Metrics.RecordRunAsync(
            new RunMetrics { RunId = run, JourneyName = journey, StartTime = thread.CreatedAt }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The answer, the end of its job, and what the customer says next or the end of the conversation: all or nothing.</summary>
    public async Task AnswerAsync(
        Conversation conversation, int turn, JobClaim claim, IReadOnlyList<Refusal> refused, CancellationToken cancellationToken)
    {
        var isLast = turn + 1 == conversation.Turns.Count;
        if (isLast && conversation.Resolved == false)
        {
            await UndoAsync(conversation, cancellationToken);
        }

        await using var transaction = await database.BeginTransactionAsync(cancellationToken);
        var thread = claim.Job.ThreadId!.Value;
        var text = refused.Count == 0
            ? conversation.Turns[turn].Answer
            : $"I could not do all of that. {string.Join(" ", refused.Select(refusal => refusal.Reason))}";
        var answer = new NewMessage { Role = MessageRole.Assistant, Text = text, PlatformMessageId = $"assistant-{turn}" };
        await transaction.Conversations.AppendAsync(thread, answer, cancellationToken);
        foreach (var refusal in refused)
        {
            await Failures.CloseAsync(transaction, refusal, cancellationToken);
        }

        if (isLast)
        {
            await EndAsync(transaction, conversation, cancellationToken);
        }
        else
        {
            await AskAsync(transaction, thread, conversation, turn + 1, cancellationToken);
        }

        var result = JsonSerializer.SerializeToElement(new { turn, refused = refused.Count });
        await transaction.Jobs.CompleteAsync(claim, result, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task AskAsync(
        IAgentTransaction transaction, Guid thread, Conversation conversation, int turn, CancellationToken cancellationToken)
    {
        var message = await transaction.Conversations.AppendAsync(
            thread,
            new NewMessage
            {
                Role = MessageRole.User,
                Text = conversation.Turns[turn].Request,
                AuthorUserId = conversation.CustomerId,
                PlatformMessageId = $"user-{turn}",
            },
            cancellationToken);
        await transaction.Jobs.EnqueueAsync(
            new NewJob
            {
                Id = Script.JobIdOf(conversation, turn),
                Mode = TurnHandler.Mode,
                Payload = JsonSerializer.SerializeToElement(new TurnPayload(conversation.Id, turn), JsonSerializerOptions.Web),
                ThreadId = thread,
                TriggerMessageId = message.Id,
                MaxAttempts = Attempts,
            },
            cancellationToken);
    }

    private async Task EndAsync(IAgentTransaction transaction, Conversation conversation, CancellationToken cancellationToken)
    {
        var (run, outcome) = (Script.RunIdOf(conversation), Outcomes.Of(conversation));
        await transaction.Metrics.RecordRunAsync(
            new RunMetrics { RunId = run, EndTime = time.GetUtcNow(), FinalOutcome = outcome }, cancellationToken);
        await transaction.Audit.LogAsync(
            new AuditEntry
            {
                RunId = run,
                UserId = conversation.CustomerId,
                EventType = "conversation.ended",
                Action = outcome,
                IdempotencyKey = $"{run}/ended",
            },
            cancellationToken);
    }

    /// <summary>A conversation that has failed leaves no change behind: each is undone once, the last one first.</summary>
    private async Task UndoAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        var undo = await journal.UndoRunAsync(
            Script.RunIdOf(conversation),
            (undone, transaction, ct) => HostTable.UndoAsync(transaction, undone.Transaction.RollbackData!.Value.GetString()!, ct),
            cancellationToken: cancellationToken);
        if (!undo.IsComplete)
        {
            throw new InvalidOperationException("The conversation's changes are not all undone yet.", undo.Failure);
        }
    }
}
