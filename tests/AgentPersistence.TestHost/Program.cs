using AgentPersistence.TestHost.Commands;

Dictionary<string, Func<string[], Task<int>>> commands = new()
{
    ["migrate"] = MigrateCommand.RunAsync,
    ["ping"] = PingCommand.RunAsync,
    ["idempotency-race"] = IdempotencyRaceCommand.RunAsync,
    ["idempotency-hold"] = IdempotencyHoldCommand.RunAsync,
    ["audit-write"] = AuditWriteCommand.RunAsync,
    ["job-work"] = JobWorkCommand.RunAsync,
    ["approval-race"] = ApprovalRaceCommand.RunAsync,
    ["journal-undo"] = JournalUndoCommand.RunAsync,
    ["token-reserve"] = TokenReserveCommand.RunAsync,
    ["incident-ranking"] = IncidentRankingCommand.RunAsync,
    ["incident-rate"] = IncidentRateCommand.RunAsync,
};

if (args.Length == 0 || !commands.TryGetValue(args[0], out var command))
{
    await Console.Error.WriteLineAsync($"Usage: AgentPersistence.TestHost {string.Join('|', commands.Keys)} [arguments]");
    return 2;
}

StandardInput.Watch();
return await command(args[1..]);
