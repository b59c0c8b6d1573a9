using System.Globalization;

namespace AgentPersistence.TestHost.Incidents;

/// <summary>Signals as a monitoring agent writes them, made up: six kinds whose numbers, names and paths differ from one to the next.</summary>
public static class IncidentLines
{
    private static readonly Func<Random, string>[] Kinds =
    [
        r => $"error_cluster | Severity: {Severity(r)} | Error: PAYMENT_CALLBACK_INVALID | Merchants: {r.Next(40)} | path /hooks/pay/{r.Next(9_999)}",
        r => $"error_cluster | Severity: {Severity(r)} | Error: PAYMENT_CARD_DECLINED | Merchants: {r.Next(40)} | issuer {r.Next(9_999)}",
        r => $"KubePodNotReady: pod checkout-{r.Next():x}-{r.Next(99_999):x} on node-{r.Next(30)} has been in a non-ready state for {r.Next(900)} s",
        r => $"node-{r.Next(30)}: filesystem /var/lib/data{r.Next(9)} on /dev/sd{(char)('a' + r.Next(8))}{r.Next(9)} is {r.Next(90, 100)}% full, "
            + $"severity {Severity(r)}",
        r => $"{Time(r)} ERROR connection from 10.0.{r.Next(256)}.{r.Next(256)}:{r.Next(65_536)} to postgres refused after {r.Next(3_000)} ms",
        r => $"{Time(r)} ERROR upstream checkout answered {r.Next(500, 505)} for tenant {r.Next():x8}-{r.Next():x8}, request {r.Next():x8}",
    ];

    private static readonly string[] Subjects =
    [
        "payment", "callback", "refund", "invoice", "merchant", "webhook", "session", "token", "cart", "order", "catalog", "stock", "mail",
        "search", "upload", "export", "login", "quota", "ledger", "report", "shipment", "voucher", "image", "backup", "replica",
    ];

    private static readonly string[] Troubles =
    [
        "invalid", "timeout", "refused", "missing", "duplicate", "expired", "corrupt", "throttled", "unreachable", "overflow", "deadlock",
        "rejected", "stale", "leaked", "crashed", "unauthorized", "mismatch", "exhausted", "delayed", "truncated",
    ];

    public static int KindCount => Kinds.Length;

    /// <summary>As many lines of each kind, taking turns; the same for the same seed.</summary>
    public static List<(int Kind, string Line)> Make(int perKind, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, perKind * Kinds.Length).Select(i => (i % Kinds.Length, Kinds[i % Kinds.Length](random)))];
    }

    /// <summary>One of 500 kinds, frequent ones and rare ones, in words of which a few are in nearly every signal.</summary>
    public static string Any(Random random)
    {
        var kind = (int)(random.NextDouble() * random.NextDouble() * Subjects.Length * Troubles.Length);
        var (subject, trouble) = (Subjects[kind % Subjects.Length], Troubles[kind / Subjects.Length]);
        return $"error_cluster | Severity: {Severity(random)} | Error: {subject.ToUpperInvariant()}_{trouble.ToUpperInvariant()} | service {subject} "
            + $"failed in region eu-{random.Next(4)} | merchants {random.Next(500)} | {Kinds[random.Next(Kinds.Length)](random)}";
    }

    private static string Severity(Random random) => random.Next(3) switch { 0 => "low", 1 => "medium", _ => "high" };

    private static string Time(Random random) =>
        new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(random.Next(30_000_000)).ToString("s", CultureInfo.InvariantCulture);
}
