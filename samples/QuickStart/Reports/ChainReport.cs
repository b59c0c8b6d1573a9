using System.Data.Common;
using AgentPersistence.Auditing;
using QuickStart.Playing;
using QuickStart.Tampering;

namespace QuickStart.Reports;

/// <summary>Verifies the log's hash chain, then a copy in which somebody has changed one row.</summary>
public sealed class ChainReport(Screen screen, CommandLine commandLine, IAuditVerifier verifier, IAuditLogger audit)
{
    public async Task ShowAsync(Featured featured, CancellationToken cancellationToken)
    {
        var checkpoint = await verifier.CreateCheckpointAsync(cancellationToken);
        screen.Show(
            $"The audit chain, recomputed. A checkpoint to keep elsewhere: row {checkpoint.Sequence}, hash {checkpoint.Hash[..16]}…",
            ["Verified", "Rows checked", "Intact", "First bad row", "Reason"],
            [
                Row("the log", await verifier.VerifyAsync(cancellationToken: cancellationToken)),
                Row("the log against the checkpoint", await verifier.VerifyAgainstAsync(checkpoint, cancellationToken)),
            ]);

        var victim = await VictimAsync(featured, cancellationToken);
        try
        {
            await using var copy = await CopyAsync(cancellationToken);
            screen.Show(
                $"A tampered row is found: in a copy of the log, the input of row {victim.Sequence} ({victim.Action}) was changed.",
                ["Verified", "Rows checked", "Intact", "First bad row", "Reason"],
                [Row("the copy", await Tamper.ChangeAndVerifyAsync(copy, victim.Sequence, cancellationToken))]);
        }
        catch (DbException e)
        {
            screen.Say($"No tampered copy was made, because the role may not create a schema for it: {e.Message}");
        }
    }

    private async Task<AuditRecord> VictimAsync(Featured featured, CancellationToken cancellationToken)
    {
        var trail = await audit.GetBySessionAsync(featured.Conversation.Id, cancellationToken);
        var key = featured.Change is { } change ? ToolRunner.AuditKeyOf(featured.Conversation, change) : null;
        return trail.FirstOrDefault(record => key is not null && record.IdempotencyKey == key) ?? trail[^1];
    }

    private Task<LogCopy> CopyAsync(CancellationToken cancellationToken) => commandLine.PostgreSql is { } server
        ? PostgreSqlLogCopy.CreateAsync(server, cancellationToken)
        : SqliteLogCopy.CreateAsync(commandLine.ConnectionString, cancellationToken);

    private static object?[] Row(string what, AuditVerification result) =>
        [what, result.Verified, result.IsIntact ? "yes" : "no", result.FirstBadSequence, result.Reason];
}
