using AgentPersistence.Auditing;
using AgentPersistence.Customers;
using AgentPersistence.Sessions;
using QuickStart.Playing;

namespace QuickStart.Reports;

/// <summary>One conversation in full, and what is remembered about the customers.</summary>
public sealed class TrailReport(Screen screen, IAuditLogger audit, ISessionStore sessions, ICustomerContextStore customers)
{
    private const int CustomersShown = 5;

    public async Task ShowTrailAsync(Featured featured, CancellationToken cancellationToken)
    {
        var id = featured.Conversation.Id;
        var session = await sessions.FindAsync(id, cancellationToken);
        var trail = await audit.GetBySessionAsync(id, cancellationToken);
        var turns = featured.Conversation.Turns.Count;
        screen.Show(
            $"One conversation's audit trail: {id}, {session?.Status}, its state saved {turns} times (now version {session?.Version}).",
            ["#", "Time", "Action", "Status", "Took", "Input", "Output"],
            trail.Select(record => new object?[]
            {
                record.Sequence,
                record.OccurredAt,
                record.EventType == ToolRunner.EventType ? record.Action : $"{record.EventType}: {record.Action}",
                record.Status,
                record.UpdatedAt > record.CreatedAt ? record.UpdatedAt - record.CreatedAt : null,
                record.Input,
                record.Output ?? record.Details,
            }));
    }

    public async Task ShowCustomersAsync(IReadOnlyList<PlayedConversation> played, CancellationToken cancellationToken)
    {
        var known = new List<CustomerContext>();
        foreach (var id in played.Select(one => one.Conversation.CustomerId).OfType<string>().Distinct())
        {
            if (await customers.FindAsync(id, cancellationToken) is { } customer)
            {
                known.Add(customer);
            }
        }

        var busiest = known.OrderByDescending(c => c.TotalInteractions).ThenBy(c => c.CustomerId, StringComparer.Ordinal);
        screen.Show(
            $"Customer context: who was in touch most, and how often the answer was no ({known.Count} customers in all).",
            ["Customer", "Conversations", "Denials", "Last contact", "Notes"],
            busiest.Take(CustomersShown).Select(c => new object?[]
            {
                c.CustomerId, c.TotalInteractions, c.TotalDenials, c.LastInteractionDate, c.CustomNotes,
            }));
    }
}
