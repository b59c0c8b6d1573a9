using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers;

// By hand because each write is one statement that judges the version and returns the row.
internal abstract partial class SqlDialect
{
    private const string NewCustomer = """
        INSERT INTO {CustomerContext} AS stored (
            {CustomerContext.CustomerId}, {CustomerContext.LastInteractionDate}, {CustomerContext.TotalInteractions},
            {CustomerContext.TotalDenials}, {CustomerContext.CustomNotes}, {CustomerContext.Version}, {CustomerContext.WriteId})
        VALUES (@id, @last, coalesce(@interactions, 0), coalesce(@denials, 0), @notes, 1, @write_id)
        """;

    // Null keeps what is stored.
    private const string GivenValues = """
        SET {CustomerContext.LastInteractionDate} = coalesce(@last, stored.{CustomerContext.LastInteractionDate}),
            {CustomerContext.TotalInteractions} = coalesce(@interactions, stored.{CustomerContext.TotalInteractions}),
            {CustomerContext.TotalDenials} = coalesce(@denials, stored.{CustomerContext.TotalDenials}),
            {CustomerContext.CustomNotes} = coalesce(@notes, stored.{CustomerContext.CustomNotes}),
            {CustomerContext.Version} = stored.{CustomerContext.Version} + 1,
            {CustomerContext.WriteId} = @write_id
        """;

    public SqlStatement FindCustomer => field ??= Statement("""
        SELECT {CustomerContext.*} FROM {CustomerContext} WHERE {CustomerContext.CustomerId} = @id
        """);

    /// <summary>Reads a customer that the same transaction is about to write, and keeps other writers waiting until it ends.</summary>
    public SqlStatement LockCustomer => field ??= Statement($$"""
        SELECT {CustomerContext.*} FROM {CustomerContext} WHERE {CustomerContext.CustomerId} = @id {{ForUpdate}}
        """);

    /// <summary>Stores nothing where the customer is known.</summary>
    public SqlStatement CreateCustomer => field ??= Statement($$"""
        {{NewCustomer}}
        ON CONFLICT ({CustomerContext.CustomerId}) DO NOTHING
        RETURNING {CustomerContext.*}
        """);

    public SqlStatement CreateOrSetCustomer => field ??= Statement($$"""
        {{NewCustomer}}
        ON CONFLICT ({CustomerContext.CustomerId}) DO UPDATE {{GivenValues}}
        RETURNING {CustomerContext.*}
        """);

    public SqlStatement SetCustomer => field ??= Statement($$"""
        UPDATE {CustomerContext} AS stored {{GivenValues}}
        WHERE {CustomerContext.CustomerId} = @id AND {CustomerContext.Version} = @expected_version
        RETURNING {CustomerContext.*}
        """);

    /// <summary>Counts on from the version that was read, so that it can be told afterwards whether it was stored.</summary>
    public SqlStatement RecordInteraction => field ??= Statement("""
        UPDATE {CustomerContext}
        SET {CustomerContext.LastInteractionDate} = CASE
                WHEN {CustomerContext.LastInteractionDate} > @last THEN {CustomerContext.LastInteractionDate} ELSE @last END,
            {CustomerContext.TotalInteractions} = {CustomerContext.TotalInteractions} + @interactions,
            {CustomerContext.TotalDenials} = {CustomerContext.TotalDenials} + @denials,
            {CustomerContext.CustomNotes} = @notes,
            {CustomerContext.Version} = {CustomerContext.Version} + 1,
            {CustomerContext.WriteId} = @write_id
        WHERE {CustomerContext.CustomerId} = @id AND {CustomerContext.Version} = @expected_version
        RETURNING {CustomerContext.*}
        """);

    public SqlStatement DeleteCustomer => field ??= Statement("""
        DELETE FROM {CustomerContext} WHERE {CustomerContext.CustomerId} = @id
        """);

    /// <summary>The SQL that locks the rows of a SELECT against other writers, until the transaction ends.</summary>
    protected abstract string ForUpdate { get; }
}
