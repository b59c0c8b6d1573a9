using System.Text;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Customers.Storage;

internal sealed class CustomerContextStore(StoreExecutor executor) : ICustomerContextStore
{
    public async Task<CustomerContext?> FindAsync(string customerId, CancellationToken cancellationToken = default) =>
        (await FindRowAsync(Input.Key(customerId, nameof(customerId)), cancellationToken).ConfigureAwait(false))?.Context;

    public Task<CustomerContext> SetAsync(string customerId, CustomerContextUpdate update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        var id = Input.Key(customerId, nameof(customerId));
        var last = Input.Time(update.LastInteractionDate);
        var interactions = Input.Count(update.TotalInteractions, nameof(update.TotalInteractions));
        var denials = Input.Count(update.TotalDenials, nameof(update.TotalDenials));
        var notes = Input.Json(update.CustomNotes, nameof(update.CustomNotes), executor.Options.MaxJsonBytes);
        var expectedVersion = Input.NotNegative(update.ExpectedVersion, nameof(update.ExpectedVersion));
        var write = new CustomerWrite(id, executor.Ids.Next()) { Under = expectedVersion };
        return SetAsync(
            write,
            unit => unit.Command(expectedVersion switch
                {
                    null => unit.Dialect.CreateOrSetCustomer,
                    0 => unit.Dialect.CreateCustomer,
                    _ => unit.Dialect.SetCustomer,
                })
                .Text("id", id).Time("last", last).Number("interactions", interactions).Number("denials", denials).Json("notes", notes)
                .Number("expected_version", expectedVersion).Id("write_id", write.Id),
            cancellationToken);
    }

    public Task<CustomerContext> RecordInteractionAsync(
        string customerId, CustomerInteraction interaction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(interaction);
        var id = Input.Key(customerId, nameof(customerId));
        var patch = Input.Json(interaction.Notes, nameof(interaction.Notes), executor.Options.MaxJsonBytes);
        var occurredAt = Input.Time(interaction.OccurredAt ?? executor.TimeProvider.GetUtcNow());
        var write = new CustomerWrite(id, executor.Ids.Next());
        return CountAsync(
            write,
            (unit, found) => unit.Command(found is null ? unit.Dialect.CreateCustomer : unit.Dialect.RecordInteraction)
                .Text("id", id).Time("last", occurredAt).Number("interactions", 1).Number("denials", interaction.Denied ? 1 : 0)
                .Json("notes", Merge(found?.Notes, patch)).Number("expected_version", write.Under).Id("write_id", write.Id),
            cancellationToken);
    }

    public async Task<bool> DeleteAsync(string customerId, CancellationToken cancellationToken = default)
    {
        var id = Input.Key(customerId, nameof(customerId));
        return await executor.WriteAsync(
            async (unit, ct) =>
            {
                var deleted = await unit.Command(unit.Dialect.DeleteCustomer).Text("id", id).ExecuteAsync(ct).ConfigureAwait(false);

                // After a lost answer nobody can know who deleted it; it is gone, as the caller asked.
                return deleted > 0 || unit.IsRepeat;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<CustomerContext> SetAsync(
        CustomerWrite write, Func<UnitOfWork, StoreCommand> set, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await executor.WriteAsync(
                async (unit, ct) =>
                {
                    var found = unit.IsRepeat ? await FindRowAsync(unit, write.CustomerId, ct).ConfigureAwait(false) : null;
                    return unit.IsRepeat && write.IsStored(found, answerWasLost: true)
                        ? found
                        : await set(unit).ReadFirstAsync(CustomerRow.Read, ct).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
            stored ??= await FindRowAsync(write.CustomerId, cancellationToken).ConfigureAwait(false);
            if (write.IsStored(stored))
            {
                return stored!.Context;
            }

            var actual = stored?.Context.Version ?? 0;
            if (write.Under is { } expected && expected != actual)
            {
                throw new CustomerConflictException(write.CustomerId, expected, actual);
            }
        }
    }

    /// <summary>
    /// Counts on from the version that was read, again where another writer came first; then with the row locked, so that many
    /// writers of one customer take turns instead of racing.
    /// </summary>
    private async Task<CustomerContext> CountAsync(
        CustomerWrite write, Func<UnitOfWork, CustomerRow?, StoreCommand> count, CancellationToken cancellationToken)
    {
        var stored = await executor.WriteAsync(
            (unit, ct) => CountAsync(unit, write, unit.Dialect.FindCustomer, count, ct), cancellationToken).ConfigureAwait(false);
        while (stored is null)
        {
            stored = await executor.TransactAsync(
                (unit, ct) => CountAsync(unit, write, unit.Dialect.LockCustomer, count, ct), cancellationToken).ConfigureAwait(false);
        }

        return stored.Context;
    }

    private static async Task<CustomerRow?> CountAsync(
        UnitOfWork unit,
        CustomerWrite write,
        SqlStatement find,
        Func<UnitOfWork, CustomerRow?, StoreCommand> count,
        CancellationToken cancellationToken)
    {
        var found = await unit.Command(find).Text("id", write.CustomerId)
            .ReadFirstAsync(CustomerRow.Read, cancellationToken).ConfigureAwait(false);
        if (write.IsStored(found, unit.IsRepeat))
        {
            return found;
        }

        write.Under = found?.Context.Version ?? 0;
        var stored = await count(unit, found).ReadFirstAsync(CustomerRow.Read, cancellationToken).ConfigureAwait(false);
        if (stored is null)
        {
            write.NotStored();
        }

        return stored;
    }

    private string? Merge(string? notes, string? patch)
    {
        if (patch is null)
        {
            return notes;
        }

        var merged = MergePatch.Apply(notes, patch);
        return Encoding.UTF8.GetByteCount(merged) <= executor.Options.MaxJsonBytes
            ? merged
            : throw new ArgumentException(
                $"The merged notes must not exceed {executor.Options.MaxJsonBytes} bytes of UTF-8.", nameof(CustomerInteraction.Notes));
    }

    private Task<CustomerRow?> FindRowAsync(string id, CancellationToken cancellationToken) =>
        executor.ReadAsync((unit, ct) => FindRowAsync(unit, id, ct), cancellationToken);

    private static Task<CustomerRow?> FindRowAsync(UnitOfWork unit, string id, CancellationToken cancellationToken) =>
        unit.Command(unit.Dialect.FindCustomer).Text("id", id).ReadFirstAsync(CustomerRow.Read, cancellationToken);
}
