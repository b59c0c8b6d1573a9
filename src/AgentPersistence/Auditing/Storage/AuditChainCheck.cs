using System.Data.Common;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// Checks the rows of one snapshot as they pass, in the order of the chain, with memory for one row and the erasures that are open.
/// </summary>
internal sealed class AuditChainCheck(UnitOfWork unit, AuditHead head, long? checkpoint)
{
    private const int RowsBetweenCancellationChecks = 1024;

    private readonly StoredAuditRow _row = new(unit.Dialect);
    private readonly AuditErasures _erasures = new();
    private readonly byte[] _previous = new byte[AuditHash.Length];
    private long _start;
    private long _next;

    /// <summary>The stored hash of the row that the checkpoint names, once it has passed.</summary>
    public byte[]? HashAtCheckpoint { get; private set; }

    private bool IsWhole => _start == head.PrunedSequence + 1;

    public async Task<AuditVerification> RunAsync(long from, CancellationToken cancellationToken)
    {
        _start = _next = Math.Max(Math.Min(from, head.Sequence + 1), head.PrunedSequence + 1);
        var fault = await TryTrustWhatIsBeforeAsync(cancellationToken).ConfigureAwait(false);
        fault ??= await unit.Command(unit.Dialect.ReadAuditChain)

            // From the very beginning, so that rows in the pruned part, where there are none, are found.
            .Number("from", IsWhole ? long.MinValue : _start)
            .StreamAsync(reader => CheckRowsAsync(reader, cancellationToken), cancellationToken).ConfigureAwait(false);
        return fault is { } found
            ? await AnswerAsync(found, cancellationToken).ConfigureAwait(false)
            : new AuditVerification(IsIntact: true, _next - _start, FirstBadSequence: null, Reason: null);
    }

    private async Task<Fault?> TryTrustWhatIsBeforeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await TrustWhatIsBeforeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return new Fault(_start - 1, AuditFault.Changed);
        }
    }

    /// <summary>Takes over the hash and the erasures of the rows before the first that is checked.</summary>
    private async Task<Fault?> TrustWhatIsBeforeAsync(CancellationToken cancellationToken)
    {
        var previous = head.PrunedHash;
        if (head.PrunedSequence > 0)
        {
            if (await AuditPruneDetails.FindAsync(unit, head, cancellationToken).ConfigureAwait(false) is not { } pruned)
            {
                return new Fault(head.PrunedSequence, AuditFault.UnrecordedPrune);
            }

            foreach (var erasure in pruned.Erasures ?? [])
            {
                _erasures.Seed(erasure.Entry, new AuditErasedRows(erasure.Rows, erasure.Sha256));
            }
        }

        if (!IsWhole)
        {
            previous = await unit.Command(unit.Dialect.FindAuditHash).Number("sequence", _start - 1)
                .ReadFirstAsync(row => row.BytesOrNull(0), cancellationToken).ConfigureAwait(false);
            if (previous?.Length != AuditHash.Length)
            {
                return new Fault(_start - 1, previous is null ? AuditFault.Missing : AuditFault.Changed);
            }

            await unit.Command(unit.Dialect.FindAuditErasuresBefore).Number("sequence", _start)
                .StreamAsync(reader => SeedErasuresAsync(reader, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        previous.CopyTo(_previous, 0);
        Note(_start - 1);
        return null;
    }

    private async Task<bool> SeedErasuresAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            _erasures.Seed(unit.Dialect.ReadId(reader, 2), reader.GetInt64(0), (byte[])reader.GetValue(1));
        }

        return true;
    }

    private async Task<Fault?> CheckRowsAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_next % RowsBetweenCancellationChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (CheckRow(reader) is { } fault)
            {
                return fault;
            }

            _row.Hash.CopyTo(_previous);
            Note(_next++);
        }

        return _next <= head.Sequence ? new Fault(_next, AuditFault.Missing)
            : !head.Hash.AsSpan().SequenceEqual(_previous) ? new Fault(head.Sequence == 0 ? null : head.Sequence, AuditFault.ForgedHead)
            : _erasures.FirstOpen is { } first ? new Fault(first, AuditFault.UnrecordedErase)
            : null;
    }

    private Fault? CheckRow(DbDataReader reader)
    {
        try
        {
            _row.Read(reader);
            return CheckPlace() ?? CheckContent() ?? CheckErasure() ?? CheckMaintenance();
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return new Fault(_next, AuditFault.Changed);
        }
    }

    private Fault? CheckPlace() =>
        _row.Sequence < _next ? new Fault(_row.Sequence, AuditFault.Inserted)
        : _next > head.Sequence ? new Fault(_next, AuditFault.ForgedHead)
        : _row.Sequence > _next ? new Fault(_next, AuditFault.Missing)
        : null;

    private Fault? CheckContent() =>
        _row.Format != AuditHash.Format ? new Fault(_next, AuditFault.UnknownFormat)
        : !_row.HasItsPersonalData() || !_row.Follows(_previous) ? new Fault(_next, AuditFault.Changed)
        : null;

    private Fault? CheckErasure()
    {
        if (!_row.IsErased)
        {
            return null;
        }

        if (_row.ErasedBy is not { } entry || entry == _row.Id)
        {
            return new Fault(_next, AuditFault.UnrecordedErase);
        }

        _erasures.Add(entry, _next, _row.PersonalHash);
        return null;
    }

    /// <summary>An entry of an erasure must record exactly the rows that name it, and nothing else may be named by one.</summary>
    private Fault? CheckMaintenance()
    {
        var isMaintenance = AuditMaintenanceEntry.IsId(_row.Id);
        if (!isMaintenance && (_erasures.IsEmpty || !_erasures.IsOpen(_row.Id)))
        {
            return null;
        }

        var (rows, first) = _erasures.Close(_row.Id);
        var recorded = isMaintenance && _row.EventType == AuditMaintenanceEntry.Erase ? AuditErasureDetails.Parse(_row.Details) : null;
        var expected = recorded is null ? AuditErasedRows.None : new AuditErasedRows(recorded.Rows, recorded.Sha256);
        var isRight = isMaintenance && !_row.IsErased && rows == expected
            && (recorded is not null || _row.EventType != AuditMaintenanceEntry.Erase);
        return isRight ? null : new Fault(first ?? _next, AuditFault.UnrecordedErase);
    }

    /// <summary>A row below the fault may name an erasure that was never recorded, which only shows at the end of the log.</summary>
    private async Task<AuditVerification> AnswerAsync(Fault fault, CancellationToken cancellationToken)
    {
        var earlier = fault.Sequence > _start
            ? await unit.Command(unit.Dialect.FindUnrecordedAuditErase).Number("from", _start).Number("to", fault.Sequence)
                .ReadFirstAsync(row => row.NumberOrNull(0), cancellationToken).ConfigureAwait(false)
            : null;
        var verified = _next - _start;
        return earlier is null
            ? new AuditVerification(IsIntact: false, verified, fault.Sequence, fault.Reason)
            : new AuditVerification(IsIntact: false, verified, earlier, AuditFault.UnrecordedErase);
    }

    private static bool IsUnreadable(Exception exception) =>
        exception is FormatException or InvalidCastException or ArgumentOutOfRangeException or OverflowException;

    private void Note(long sequence)
    {
        if (sequence == checkpoint)
        {
            HashAtCheckpoint = [.. _previous];
        }
    }

    private readonly record struct Fault(long? Sequence, string Reason);
}
