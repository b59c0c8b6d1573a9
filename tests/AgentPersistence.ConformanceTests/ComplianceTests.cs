using System.Reflection;
using AgentPersistence.ConformanceTests.Approvals;
using AgentPersistence.ConformanceTests.Auditing;
using AgentPersistence.ConformanceTests.Conversations;
using AgentPersistence.ConformanceTests.Customers;
using AgentPersistence.ConformanceTests.Deployments;
using AgentPersistence.ConformanceTests.Incidents;
using AgentPersistence.ConformanceTests.GroupCommit;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Interactions;
using AgentPersistence.ConformanceTests.Knowledge;
using AgentPersistence.ConformanceTests.Jobs;
using AgentPersistence.ConformanceTests.PostgreSql;
using AgentPersistence.ConformanceTests.Sqlite;
using AgentPersistence.ConformanceTests.Transactions;
using AgentPersistence.ConformanceTests.Tokens;

namespace AgentPersistence.ConformanceTests;

/// <summary>Both databases have every suite, and nothing but the suites: what one database does, the other does.</summary>
public sealed class ComplianceTests
{
    // Suites that only one database can run, with the reason.
    private static readonly Dictionary<Type, (DatabaseKind Only, string Because)> Exceptions = new()
    {
        [typeof(AuditStagingTests)] = (DatabaseKind.PostgreSql, "on SQLite a write transaction excludes every other writer"),
        [typeof(HeldThreadTests)] = (DatabaseKind.PostgreSql, "on SQLite a write transaction excludes every other writer"),
        [typeof(MessageLostAnswerTests)] = (DatabaseKind.PostgreSql, "SQLite runs in the process: no answer can be lost"),
        [typeof(JobLostAnswerTests)] = (DatabaseKind.PostgreSql, "SQLite runs in the process: no answer can be lost"),
        [typeof(JobHeldRowTests)] = (DatabaseKind.PostgreSql, "on SQLite a write transaction excludes every other writer"),
        [typeof(CustomerLostAnswerTests)] = (DatabaseKind.PostgreSql, "SQLite runs in the process: no answer can be lost"),
        [typeof(ApprovalLostAnswerTests)] = (DatabaseKind.PostgreSql, "SQLite runs in the process: no answer can be lost"),
        [typeof(JournalLostAnswerTests)] = (DatabaseKind.PostgreSql, "SQLite runs in the process: no answer can be lost"),
        [typeof(RollbackBesideOthersTests)] = (DatabaseKind.PostgreSql, "on SQLite a write transaction excludes every other writer"),
        [typeof(KnowledgeLostAnswerTests)] = (DatabaseKind.PostgreSql, "SQLite runs in the process: no answer can be lost"),
        [typeof(InteractionLostAnswerTests)] = (DatabaseKind.PostgreSql, "SQLite runs in the process: no answer can be lost"),
        [typeof(DeploymentLostAnswerTests)] = (DatabaseKind.PostgreSql, "SQLite runs in the process: no answer can be lost"),
        [typeof(IncidentLostAnswerTests)] = (DatabaseKind.PostgreSql, "SQLite runs in the process: no answer can be lost"),
        [typeof(HeldRowTests)] = (DatabaseKind.PostgreSql, "on SQLite a write transaction excludes every other writer"),
        [typeof(TokenBudgetHeldTests)] = (DatabaseKind.PostgreSql, "on SQLite a write transaction excludes every other writer"),
        [typeof(TokenLostAnswerTests)] = (DatabaseKind.PostgreSql, "SQLite runs in the process: no answer can be lost"),
    };

    // Tests that are no suite because the other database knows nothing of their subject.
    private static readonly Dictionary<string, string> Alone = new()
    {
        [nameof(ConnectionFaultTests)] = "SQLite has no connection that a network could break",
        [nameof(RuntimeRoleTests)] = "SQLite has no roles",
        [nameof(SqliteAuditRefusalUpgradeTests)] = "PostgreSQL's log has had the same triggers from the start",
        [nameof(SqliteHostTests)] = "PostgreSQL has no such settings, functions of a connection, or databases in memory",
        [nameof(PostgreSqlPooledConnectionTests)] = "SQLite has no connections that a server remembers",
        [nameof(PostgreSqlJobNoticeTests)] = "SQLite has no way to tell another process",
        [nameof(PostgreSqlRightsTests)] = "SQLite has no rights",
        [nameof(PostgreSqlAuditPlanTests)] = "SQLite always nests its loops",
        [nameof(PostgreSqlApprovalCostTests)] = "what it costs to ask is counted by the server",
        [nameof(PostgreSqlKeyLookupTests)] = "SQLite finds a row by its key whenever that is given",
        [nameof(PostgreSqlSharedPlanTests)] = "SQLite finds a row by its key whenever that is given",
        [nameof(SqlitePlanTests)] = "PostgreSQL chooses by statistics: what it costs is measured as the tables grow",
        [nameof(PostgreSqlAuditRightsTests)] = "SQLite has no rights",
        [nameof(PostgreSqlAuditLostAnswerTests)] = "SQLite runs in the process: no answer can be lost",
        [nameof(PostgreSqlIdempotencyLockTests)] = "on SQLite a write transaction excludes every other writer",
        [nameof(PostgreSqlSharedIdempotencyTests)] = "on SQLite a write transaction excludes every other writer",
        [nameof(PostgreSqlIdempotencyLostAnswerTests)] = "SQLite runs in the process: no answer can be lost",
        [nameof(PostgreSqlSharedReplayTests)] = "on SQLite a read waits for no server: each reads by itself",
        [nameof(PostgreSqlSharedWriteTests)] = "SQLite runs in the process: no answer can be lost",
    };

    // Suites whose subclasses hold more than a line.
    private static readonly Dictionary<Type, string> Longer = new()
    {
        [typeof(AuditProtectionTests)] = "each database has ways of its own to change a row",
        [typeof(AuditProcessTests)] = "each database says how many processes write at once",
    };

    private static IEnumerable<Type> Classes => typeof(ComplianceTests).Assembly.GetTypes().Where(t => t.IsClass);

    private static IEnumerable<Type> Suites => Abstract.Where(type => !Abstract.Any(other => other.BaseType == type));

    // The tests of the test databases themselves are no suite of the library's.
    private static IEnumerable<Type> Abstract => Classes.Where(
        type => type.IsAbstract
            && type.GetConstructors(Declared).Any(c => c.GetParameters() is [{ ParameterType: var t }] && t == typeof(TestDatabases))
            && type.Namespace?.StartsWith(typeof(DatabaseTests).Namespace!, StringComparison.Ordinal) == false);

    public static TheoryData<Type, DatabaseKind> Expected
    {
        get
        {
            var data = new TheoryData<Type, DatabaseKind>();
            foreach (var (suite, kind) in Suites.SelectMany(suite => Enum.GetValues<DatabaseKind>().Select(kind => (suite, kind))))
            {
                if (!Exceptions.TryGetValue(suite, out var exception) || exception.Only == kind)
                {
                    data.Add(suite, kind);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Expected), DisableDiscoveryEnumeration = true)]
    public void Every_suite_runs_on_the_database_as_a_class_of_one_line(Type suite, DatabaseKind kind)
    {
        var name = $"{typeof(ComplianceTests).Namespace}.{kind}.{kind}{suite.Name}";

        var subclass = Assert.Single(Classes, type => type.BaseType == suite && type.FullName == name);

        Assert.True(subclass is { IsSealed: true, IsPublic: true }, $"{name} must be public and sealed.");
        Assert.True(Longer.ContainsKey(suite) || subclass.GetMethods(Declared).Length == 0, $"{name} holds more than a line.");
        var parameter = Assert.Single(Assert.Single(subclass.GetConstructors()).GetParameters());
        Assert.Equal($"{kind}Databases", parameter.ParameterType.Name);
    }

    [Fact]
    public void A_suite_runs_nowhere_else()
    {
        var expected = Expected.Select(row => row.Data.Item1).CountBy(suite => suite).ToDictionary();

        Assert.NotEmpty(expected);
        Assert.All(Classes.Where(t => t.BaseType is { } suite && Suites.Contains(suite)).CountBy(t => t.BaseType!), runs =>
            Assert.Equal(expected[runs.Key], runs.Value));
    }

    [Fact]
    public void What_is_tested_on_one_database_alone_has_a_reason()
    {
        var alone = Classes.Where(type => !type.IsNested && type.IsPublic && !Suites.Contains(type.BaseType!)
            && type.Namespace?.Split('.')[^1] is nameof(DatabaseKind.Sqlite) or nameof(DatabaseKind.PostgreSql));

        Assert.Equal(Alone.Keys.Order(StringComparer.Ordinal), alone.Select(type => type.Name).Order(StringComparer.Ordinal));
        Assert.All(Exceptions, exception => Assert.Contains(exception.Key, Suites));
    }

    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;
}
