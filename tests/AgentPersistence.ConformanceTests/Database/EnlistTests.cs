using System.Data.Common;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AgentPersistence.ConformanceTests.Database;

public abstract class EnlistTests(TestDatabases databases) : DatabaseTests(databases)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_rows_of_a_hosts_context_and_ours_commit_or_vanish_together(bool commit)
    {
        var id = NewId("order");
        await using (var host = await HostContextAsync())
        {
            await using var transaction = await host.Database.BeginTransactionAsync(Cancellation);
            host.Orders.Add(new Order { Id = id });
            await host.SaveChangesAsync(Cancellation);
            await using var agent = Agent.Database.Enlist(transaction.GetDbTransaction());
            await agent.Sessions.CreateAsync(new NewSession { Id = id }, Cancellation);
            await agent.Audit.LogAsync(new AuditEntry { RunId = id, Action = "order" }, Cancellation);
            host.Orders.Add(new Order { Id = id + "/2" });
            await host.SaveChangesAsync(Cancellation);
            await (commit ? transaction.CommitAsync(Cancellation) : transaction.RollbackAsync(Cancellation));
        }

        await using var after = await HostContextAsync();
        Assert.Equal(commit ? 2 : 0, await after.Orders.CountAsync(o => o.Id.StartsWith(id), Cancellation));
        Assert.Equal(commit, await Agent.Sessions.FindAsync(id, Cancellation) is not null);
        Assert.Equal(commit ? 1 : 0, (await Agent.Audit.QueryAsync(new AuditQuery { RunId = id }, Cancellation)).Count);
    }

    [Fact]
    public async Task An_expected_refusal_leaves_the_hosts_transaction_usable()
    {
        var (id, taken) = (NewId("order"), await Agent.Sessions.CreateAsync(new NewSession(), Cancellation));
        await using var connection = await Database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var agent = Agent.Database.Enlist(transaction);

        await Assert.ThrowsAsync<DuplicateSessionException>(
            () => agent.Sessions.CreateAsync(new NewSession { Id = taken.Id }, Cancellation));
        await agent.Sessions.CreateAsync(new NewSession { Id = id }, Cancellation);
        await transaction.CommitAsync(Cancellation);

        Assert.NotNull(await Agent.Sessions.FindAsync(id, Cancellation));
    }

    [Fact]
    public async Task Commit_and_rollback_stay_with_the_host()
    {
        var id = NewId("order");
        await using var connection = await Database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var agent = Agent.Database.Enlist(transaction))
        {
            await agent.Sessions.CreateAsync(new NewSession { Id = id }, Cancellation);
            await Assert.ThrowsAsync<InvalidOperationException>(() => agent.CommitAsync(Cancellation));
        }

        await using (var agent = Agent.Database.Enlist(transaction))
        {
            Assert.NotNull(await agent.Sessions.FindAsync(id, Cancellation));
        }

        await transaction.CommitAsync(Cancellation);
        Assert.NotNull(await Agent.Sessions.FindAsync(id, Cancellation));
    }

    [Fact]
    public async Task Once_the_hosts_transaction_has_ended_its_stores_write_nothing()
    {
        var (id, other) = (NewId("order"), NewId("order"));
        await using var connection = await Database.OpenAsync();
        var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var agent = Agent.Database.Enlist(transaction);
        await transaction.CommitAsync(Cancellation);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => agent.Sessions.CreateAsync(new NewSession { Id = id }, Cancellation));
        Assert.Contains("has ended", refused.Message, StringComparison.Ordinal);
        await transaction.DisposeAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => agent.Sessions.CreateAsync(new NewSession { Id = other }, Cancellation));
        Assert.Null(await Agent.Sessions.FindAsync(id, Cancellation));
        Assert.Null(await Agent.Sessions.FindAsync(other, Cancellation));
    }

    [Theory]
    [InlineData("committed")]
    [InlineData("rolled back")]
    [InlineData("disposed")]
    public async Task A_completed_transaction_is_refused(string how)
    {
        await using var connection = await Database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await (how switch
        {
            "committed" => transaction.CommitAsync(Cancellation),
            "rolled back" => transaction.RollbackAsync(Cancellation),
            _ => transaction.DisposeAsync().AsTask(),
        });

        Assert.Equal("transaction", Assert.Throws<ArgumentException>(() => Agent.Database.Enlist(transaction)).ParamName);
    }

    [Fact]
    public async Task Another_database_of_the_same_provider_is_refused()
    {
        await using var other = await Databases.CreateAsync();
        await using var connection = await other.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);

        Assert.Equal("transaction", Assert.Throws<ArgumentException>(() => Agent.Database.Enlist(transaction)).ParamName);
    }

    [Fact]
    public async Task Another_provider_and_no_transaction_are_refused()
    {
        await using DbConnection connection = Databases.Kind == DatabaseKind.Sqlite
            ? new Npgsql.NpgsqlConnection()
            : new Microsoft.Data.Sqlite.SqliteConnection("Data Source=:memory:");
        Assert.Throws<ArgumentNullException>(() => Agent.Database.Enlist(null!));
        var refused = Assert.Throws<ArgumentException>(() => Agent.Database.Enlist(new ForeignTransaction(connection)));
        Assert.Equal("transaction", refused.ParamName);
    }

    private async Task<HostContext> HostContextAsync()
    {
        var connection = await Database.OpenAsync();
        var options = new DbContextOptionsBuilder<HostContext>();
        _ = Databases.Kind == DatabaseKind.Sqlite
            ? options.UseSqlite(connection, contextOwnsConnection: true)
            : options.UseNpgsql(connection, contextOwnsConnection: true);
        var context = new HostContext(options.Options);
        await context.Database.ExecuteSqlRawAsync("CREATE TABLE IF NOT EXISTS host_orders (id text PRIMARY KEY)", Cancellation);
        return context;
    }

    private sealed class HostContext(DbContextOptions<HostContext> options) : DbContext(options)
    {
        public DbSet<Order> Orders => Set<Order>();

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            modelBuilder.Entity<Order>().ToTable("host_orders").Property(o => o.Id).HasColumnName("id");
        }
    }

    private sealed class Order
    {
        public required string Id { get; init; }
    }

    private sealed class ForeignTransaction(DbConnection connection) : DbTransaction
    {
        public override System.Data.IsolationLevel IsolationLevel => System.Data.IsolationLevel.ReadCommitted;

        protected override DbConnection DbConnection => connection;

        public override void Commit()
        {
        }

        public override void Rollback()
        {
        }
    }
}
